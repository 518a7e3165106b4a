// A one-shot event on one thread, for one waiter: a callback or another coroutine sets it. How
// callback interfaces become awaitable here, without the lambdas inside `co_await` that GCC 12
// miscompiles.
#pragma once

#include <utility>

#include "probe/net/asio.hpp"

namespace plumb::net {

class Event {
 public:
  using Time = asio::steady_timer::time_point;
  explicit Event(asio::any_io_executor executor) : timer_(std::move(executor)) {}
  void set() {
    set_ = true;
    timer_.cancel();
  }
  // Whether it was set before the limit.
  asio::awaitable<bool> wait(Time limit = Time::max());

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

}  // namespace plumb::net
