// One time limit over the operations on one socket or timer. At the deadline the operations in
// flight are cancelled; whoever awaits them sees operation_aborted and asks `expired()` or
// `stopped()`.
//
// A timer handler that is already queued when its timer dies still runs, with success (Boost 1.74).
// So the handler owns a shared state whose `cancel` the destructor clears, never the socket itself.
//
// Every conversation's limit is brought forward at its farewell, and hardly any of these limits ever
// comes: so those that were shortened share one timer of their list, which is set anew only for what
// comes earlier. A timer each would be the earliest of all at that moment, and a system call.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "probe/net/asio.hpp"

namespace plumb::net {

// Everything that is under way on one thread, so that an interrupt can shorten it.
class Watchlist;

class Watch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // `grace`: until how long after an interrupt it may go on (what can be finished is finished),
  // also where it begins after the interrupt.
  Watch(asio::any_io_executor executor, Watchlist& list, Time deadline,
        std::chrono::milliseconds grace, std::function<void()> cancel);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool expired() const { return state_->fired && !state_->stopped; }
  bool stopped() const { return state_->stopped; }
  // The time is up, whether or not the timer has had its turn: a peer that never lets us wait (a
  // flood) must not outrun its deadline.
  bool due() const { return state_->fired || std::chrono::steady_clock::now() >= deadline_; }
  void shorten(Time deadline);  // only ever earlier
  void stop();                  // an interrupt: at most `grace` after it

 private:
  friend class Watchlist;
  struct State {
    std::function<void()> cancel;
    bool fired = false;
    bool stopped = false;
    void fire();
  };

  asio::steady_timer timer_;
  Watchlist& list_;
  Time deadline_;
  bool shortened_ = false;
  std::chrono::milliseconds grace_;
  std::shared_ptr<State> state_;
};

class Watchlist {
 public:
  Watchlist() = default;
  ~Watchlist();
  Watchlist(const Watchlist&) = delete;
  Watchlist& operator=(const Watchlist&) = delete;

  void stop();  // shorten all, and everything that begins later
  bool stopping() const { return stopped_at_.has_value(); }

 private:
  friend class Watch;
  struct Sweep {
    Sweep(const asio::any_io_executor& executor, Watchlist* of) : timer(executor), list(of) {}
    asio::steady_timer timer;
    Watchlist* list;  // null: gone
  };
  void sweep_at(const asio::any_io_executor& executor, Watch::Time time);
  void sweep();
  void end_sweep();

  std::set<Watch*> watches_;
  std::optional<Watch::Time> stopped_at_;
  std::shared_ptr<Sweep> sweep_;
  Watch::Time sweep_time_ = Watch::Time::max();  // the timer is set for it
};

// A limit that comes while others wait, because of what somebody learnt meanwhile: those who joined
// are shortened to it, and whoever joins later.
class Cutoff {
 public:
  void at(Watch::Time limit);

  class Joined {
   public:
    Joined(Cutoff* cutoff, Watch& watch);  // no cutoff: nothing happens
    ~Joined();
    Joined(const Joined&) = delete;
    Joined& operator=(const Joined&) = delete;

   private:
    Cutoff* cutoff_;
    Watch& watch_;
  };

 private:
  std::set<Watch*> watches_;
  std::optional<Watch::Time> limit_;
};

}  // namespace plumb::net
