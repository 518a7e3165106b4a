// One time limit over the operations on one socket or timer. At the deadline the operations in
// flight are cancelled; whoever awaits them sees operation_aborted and asks `expired()` or
// `stopped()`.
//
// The limits of one thread share one timer (wake_list.hpp): hardly any of them ever comes, and most
// are brought forward at a farewell, where a timer each would be the earliest of all, and a system call.
#pragma once

#include <boost/intrusive/list.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "probe/net/asio.hpp"
#include "probe/net/wake_list.hpp"

namespace plumb::net {

// Everything that is under way on one thread, so that an interrupt can shorten it.
class Watchlist;

class Watch : private WakeList::Sleeper {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // `grace`: until how long after an interrupt it may go on (what can be finished is finished),
  // also where it begins after the interrupt.
  Watch(Executor executor, Watchlist& list, Time deadline, std::chrono::milliseconds grace,
        std::function<void()> cancel);
  ~Watch() override;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool expired() const { return fired_ && !stopped_; }
  bool stopped() const { return stopped_; }
  // The time is up, whether or not the timer has had its turn: a peer that never lets us wait (a
  // flood) must not outrun its deadline.
  bool due() const { return fired_ || std::chrono::steady_clock::now() >= deadline_; }
  void shorten(Time deadline);  // only ever earlier
  void stop();                  // an interrupt: at most `grace` after it

 private:
  void on_wake(Time now) override;

  friend class Watchlist;
  using Hook = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  Watchlist& list_;
  Hook hook_;
  Time deadline_;
  std::chrono::milliseconds grace_;
  std::function<void()> cancel_;
  bool fired_ = false;
  bool stopped_ = false;
};

class Watchlist {
 public:
  void stop();  // shorten all, and everything that begins later
  bool stopping() const { return stopped_at_.has_value(); }

 private:
  friend class Watch;
  boost::intrusive::list<Watch, boost::intrusive::member_hook<Watch, Watch::Hook, &Watch::hook_>,
                         boost::intrusive::constant_time_size<false>>
      watches_;
  std::optional<Watch::Time> stopped_at_;
  std::shared_ptr<WakeList> wakes_;  // on the first watch's executor, which is that of all
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
