// How coroutines wait for each other and for callbacks, without the lambdas inside
// `co_await` that GCC 12 miscompiles: an Event is for one waiter, Waiters are a queue of them.
#pragma once

#include <list>
#include <memory>
#include <utility>

#include "probe/net/asio.hpp"
#include "probe/net/spin_lock.hpp"

namespace plumb::net {

// One-shot: a callback or another coroutine sets it.
class Event {
 public:
  using Time = Timer::time_point;
  explicit Event(Executor executor) : timer_(std::move(executor)) {}
  void set() {
    set_ = true;
    timer_.cancel();
  }
  // Whether it was set before the limit.
  awaitable<bool> wait(Time limit = Time::max());

 private:
  Timer timer_;
  bool set_ = false;
};

// Those who wait for the same thing, in the order in which they came. Being woken says only that it
// is time to look: what they wait for is kept by its owner. They may be of several shards: then the
// owner's lock is held around every call, and each is woken on its own executor.
class Waiters {
 public:
  // Whether it was woken before the limit. `held` is let go while it waits, as with a condition
  // variable.
  awaitable<bool> wait(Holding& held, Executor executor, Event::Time limit = Event::Time::max());
  // Where all of them are of one thread.
  awaitable<bool> wait(Executor executor, Event::Time limit = Event::Time::max());
  bool empty() const { return waiting_.empty(); }
  void wake_first();  // if there is one
  void wake_all();

 private:
  struct Waiter {
    explicit Waiter(Executor on) : executor(on), event(std::move(on)) {}
    Executor executor;
    Event event;  // touched on the executor only
    bool woken = false;
  };
  std::list<std::shared_ptr<Waiter>> waiting_;
};

}  // namespace plumb::net
