// A TCP server on 127.0.0.1 and a port of the kernel's choice: each connection gets a thread that
// runs the test's handler on the plain descriptor. Ends with its connections when it goes out of
// scope.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "probe/model/address.hpp"

namespace plumb::test {

class LoopbackServer {
 public:
  using Handler = std::function<void(int fd)>;
  explicit LoopbackServer(Handler handler);
  ~LoopbackServer();
  Endpoint endpoint() const { return endpoint_; }
  int accepted() const { return accepted_; }

 private:
  void accept_all();
  Handler handler_;
  int listener_ = -1;
  Endpoint endpoint_;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

// A port on which nobody listens (it was free a moment ago).
Endpoint closed_port();

// A listener whose backlog is full: the kernel drops further SYNs without a word, as a security
// group does.
class SilentPort {
 public:
  SilentPort();
  ~SilentPort();
  Endpoint endpoint() const { return endpoint_; }

 private:
  int listener_ = -1;
  std::vector<int> fillers_;
  Endpoint endpoint_;
};

}  // namespace plumb::test
