#include "probe/net/tcp_socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "probe/net/socket_address.hpp"

namespace plumb::net {

int TcpSocket::open(bool v4) {
  close();
  fd_ = ::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return is_open() ? 0 : errno;
}

void TcpSocket::close() {
  if (line_ != Poller::kNone) poller_.remove(std::exchange(line_, Poller::kNone));
  if (is_open()) ::close(std::exchange(fd_, -1));
}

std::optional<Endpoint> TcpSocket::local() const {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (!is_open() || getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
    return std::nullopt;
  return endpoint_of(reinterpret_cast<const sockaddr*>(&storage));
}

awaitable<error_code> TcpSocket::wait(What what) {
  error_code error;
  if (line_ == Poller::kNone) {
    error = system_error(poller_.add(fd_, line_));
    if (error) co_return error;
  }
  if (poller_.take(line_, what)) co_return error;
  const bool ready = co_await poller_.sleep(line_, what);
  if (!ready) error = asio::error::operation_aborted;
  co_return error;
}

void TcpSocket::cancel() {
  if (line_ != Poller::kNone) poller_.cancel(line_);
}

void TcpSocket::read_on() {
  if (line_ != Poller::kNone) poller_.read_on(line_);
}

}  // namespace plumb::net
