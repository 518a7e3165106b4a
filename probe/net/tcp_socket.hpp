// A TCP socket that never blocks and is waited for through the thread's Poller, where it is
// registered at its first wait.
#pragma once

#include <optional>
#include <utility>

#include "probe/model/address.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/poller.hpp"

namespace plumb::net {

class TcpSocket {
 public:
  using What = Poller::What;

  explicit TcpSocket(Poller& poller) : poller_(poller) {}  // not open
  TcpSocket(TcpSocket&& other) noexcept
      : poller_(other.poller_),
        fd_(std::exchange(other.fd_, -1)),
        line_(std::exchange(other.line_, Poller::kNone)) {}
  TcpSocket& operator=(TcpSocket&&) = delete;
  ~TcpSocket() { close(); }

  int open(bool v4);  // 0 or an errno
  void close();
  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  std::optional<Endpoint> local() const;  // empty: not open

  // operation_aborted: cancelled.
  awaitable<error_code> wait(What what);
  void cancel();   // who waits
  void read_on();  // there may be more than there was room for

 private:
  Poller& poller_;
  int fd_ = -1;
  Poller::Line line_ = Poller::kNone;
};

}  // namespace plumb::net
