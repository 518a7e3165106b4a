#include "probe/net/wake_list.hpp"

#include <utility>

namespace plumb::net {

void WakeList::wake(Sleeper& sleeper, Time when) {
  if (sleeper.place_.is_linked()) take_out(sleeper);
  sleeper.when_ = when;
  queue_.insert(queue_.cend(), sleeper);
  set_timer();
}

void WakeList::remove(Sleeper& sleeper) {
  if (!sleeper.place_.is_linked()) return;
  take_out(sleeper);
  if (!queue_.empty()) return;
  set_for_.reset();
  timer_.cancel();
}

void WakeList::set_timer() {
  if (queue_.empty() || (set_for_ && *set_for_ <= queue_.begin()->when_)) return;
  set_for_ = queue_.begin()->when_;
  timer_.expires_at(*set_for_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto list = weak.lock();
    if (list && !error) list->on_timer();
  });
}

void WakeList::on_timer() {
  const auto now = std::chrono::steady_clock::now();
  set_for_.reset();
  while (!queue_.empty() && queue_.begin()->when_ <= now) {
    Sleeper& sleeper = *queue_.begin();
    take_out(sleeper);
    sleeper.on_wake(now);
  }
  set_timer();
}

}  // namespace plumb::net
