#include "tests/support/loopback_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace plumb::test {
namespace {

int listen_on_loopback(int backlog, Endpoint& where) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(fd, backlog) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no loopback listener");
  where = Endpoint{Address::v4({127, 0, 0, 1}), ntohs(address.sin_port)};
  return fd;
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = listen_on_loopback(64, endpoint_);
  acceptor_ = std::thread([this] { accept_all(); });
}

void LoopbackServer::accept_all() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++accepted_;
    const std::scoped_lock lock(mutex_);
    open_.push_back(fd);
    workers_.emplace_back([this, fd] { handler_(fd); });
  }
}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  for (std::thread& worker : workers_) worker.join();
  for (const int fd : open_) close(fd);
}

Endpoint closed_port() {
  Endpoint endpoint;
  close(listen_on_loopback(1, endpoint));
  return endpoint;
}

SilentPort::SilentPort() {
  listener_ = listen_on_loopback(0, endpoint_);
  for (int i = 0; i < 4; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(endpoint_.port);
    connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    pollfd ready{fd, POLLOUT, 0};
    poll(&ready, 1, 50);  // connected, or the backlog is full: both are what we want
    fillers_.push_back(fd);
  }
}

SilentPort::~SilentPort() {
  for (const int fd : fillers_) close(fd);
  close(listener_);
}

}  // namespace plumb::test
