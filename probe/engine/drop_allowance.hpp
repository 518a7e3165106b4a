// How many conversations may be under way with one server at once without risking more drops than its
// budget holds (design.md §1.2: three per address and run). Any conversation may end as a drop, and whether it
// does is known only afterwards: so as many are let in as drops are left, or one where only exchanges that
// can be finished are still allowed. Several targets that lead to one address share its allowance.
//
// A target waits before it connects, and the wait is not its time. First come, first served. Several
// shards may have targets there: its owner's lock is held while it is looked at.
#pragma once

#include <utility>

#include "probe/net/event.hpp"

namespace plumb::engine {

class DropAllowance {
 public:
  explicit DropAllowance(net::SpinLock& lock) : lock_(lock) {}

  class Pass {  // gives its place back on destruction
   public:
    explicit Pass(DropAllowance* owner) : owner_(owner) {}
    Pass(Pass&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Pass& operator=(Pass&& other) = delete;
    ~Pass() {
      if (owner_) owner_->leave();
    }
    bool admitted() const { return owner_ != nullptr; }

   private:
    DropAllowance* owner_;
  };

  // `drops`: those known of this server, read under the lock and anew after every wait. Nobody is
  // let in after `limit`.
  net::awaitable<Pass> enter(net::Holding& held, net::Executor executor, const int& drops, int most,
                             net::Event::Time limit = net::Event::Time::max());

  // With the lock held:
  bool idle() const { return under_way_ == 0 && waiting_.empty(); }
  bool shared() const { return under_way_ > 1 || !waiting_.empty(); }
  void stop();  // an interrupt: nobody waits any more; the caller's network sends nothing

 private:
  void leave();

  net::SpinLock& lock_;
  int under_way_ = 0;
  bool stopped_ = false;
  net::Waiters waiting_;
};

}  // namespace plumb::engine
