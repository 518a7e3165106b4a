// Many who wait for a time, and one timer for all of them: a timer of asio's own for each question
// of a fleet would cost more than its packet. Nearly all are woken by an answer before their time,
// so the timer is not set back when the first of them goes: it fires, finds that nothing is due, and
// is set for whoever is next.
//
// A Sleeper is woken once for each time that it asked for, may do anything then, and removes itself
// before it ends. Nobody is woken from within wake(). Not thread-safe; one per shard.
#pragma once

#include <boost/intrusive/set.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "probe/net/asio.hpp"

namespace plumb::net {

class WakeList : public std::enable_shared_from_this<WakeList> {
 public:
  using Time = std::chrono::steady_clock::time_point;
  class Sleeper {
   public:
    virtual ~Sleeper() = default;
    virtual void on_wake(Time now) = 0;

   private:
    friend class WakeList;
    struct TimeOf {
      using type = Time;
      const Time& operator()(const Sleeper& sleeper) const { return sleeper.when_; }
    };
    boost::intrusive::set_member_hook<> place_;  // in the queue: a wish allocates nothing
    Time when_;
  };
  explicit WakeList(Executor executor) : timer_(std::move(executor)) {}

  void wake(Sleeper& sleeper, Time when);  // in place of an earlier wish of his
  void remove(Sleeper& sleeper);

 private:
  void take_out(Sleeper& sleeper) { queue_.erase(queue_.iterator_to(sleeper)); }
  void set_timer();
  void on_timer();

  Timer timer_;
  std::optional<Time> set_for_;
  boost::intrusive::multiset<
      Sleeper,
      boost::intrusive::member_hook<Sleeper, boost::intrusive::set_member_hook<>, &Sleeper::place_>,
      boost::intrusive::key_of_value<Sleeper::TimeOf>, boost::intrusive::constant_time_size<false>>
      queue_;
};

}  // namespace plumb::net
