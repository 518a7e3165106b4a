#include "bench/server/listen.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "bench/addresses.hpp"

namespace plumb::bench {
namespace {

void must(bool ok, const char* what) {
  if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

Descriptor bound(int type, std::uint32_t address) {
  Descriptor made(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  must(made.get() >= 0, "socket");
  // Unprivileged since Linux 5.7.
  must(setsockopt(made.get(), SOL_SOCKET, SO_BINDTODEVICE, "lo", 2) == 0, "SO_BINDTODEVICE lo");
  const sockaddr_in where = socket_address(address, 0);
  must(bind(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0, "bind");
  return made;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor listen_on_loopback(int backlog) {
  Descriptor made = bound(SOCK_STREAM, INADDR_ANY);
  must(listen(made.get(), backlog) == 0, "listen");
  return made;
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_in where{};
  socklen_t size = sizeof where;
  must(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0, "getsockname");
  return ntohs(where.sin_port);
}

Descriptor datagrams_on_loopback() {
  Descriptor made = bound(SOCK_DGRAM, INADDR_LOOPBACK);
  // The usual buffer holds some 250 questions, and drops the next. More than rmem_max is for root only.
  const int size = 4 * 1024 * 1024;
  if (setsockopt(made.get(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    setsockopt(made.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return made;
}

SilentPort::SilentPort()
    : listener_(listen_on_loopback(0)), filler_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  must(filler_.get() >= 0, "socket");
  const sockaddr_in where = socket_address(INADDR_LOOPBACK, port());
  must(connect(filler_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0,
       "connect");
  // The kernel counts it once the last ACK is in, which connect does not wait for.
  pollfd full{listener_.get(), POLLIN, 0};
  must(poll(&full, 1, 1000) == 1, "the backlog does not fill");
}

}  // namespace plumb::bench
