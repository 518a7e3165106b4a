#include "probe/net/deadline.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace plumb::net {

Watch::Watch(asio::any_io_executor executor, Watchlist& list, Time deadline,
             std::chrono::milliseconds grace, std::function<void()> cancel)
    : timer_(executor),
      list_(list),
      deadline_(deadline),
      grace_(grace),
      state_(std::make_shared<State>()) {
  state_->cancel = std::move(cancel);
  list_.watches_.insert(this);
  timer_.expires_at(deadline_);
  timer_.async_wait([state = state_](const error_code& error) {
    if (!error) state->fire();
  });
  if (list_.stopping()) stop();
}

Watch::~Watch() {
  state_->cancel = nullptr;
  list_.watches_.erase(this);
  list_.end_sweep();
}

void Watch::State::fire() {
  if (fired || !cancel) return;
  fired = true;
  cancel();
}

void Watch::shorten(Time deadline) {
  if (deadline >= deadline_ || state_->fired) return;
  deadline_ = deadline;
  if (!std::exchange(shortened_, true)) timer_.cancel();
  list_.sweep_at(timer_.get_executor(), deadline);
}

void Watch::stop() {
  const Time limit = *list_.stopped_at_ + grace_;
  if (limit >= deadline_) return;
  state_->stopped = true;
  shorten(limit);
}

void Cutoff::at(Watch::Time limit) {
  limit_ = limit_ ? std::min(*limit_, limit) : limit;
  for (Watch* watch : watches_) watch->shorten(*limit_);
}

Cutoff::Joined::Joined(Cutoff* cutoff, Watch& watch) : cutoff_(cutoff), watch_(watch) {
  if (!cutoff_) return;
  cutoff_->watches_.insert(&watch_);
  if (cutoff_->limit_) watch_.shorten(*cutoff_->limit_);
}

Cutoff::Joined::~Joined() {
  if (cutoff_) cutoff_->watches_.erase(&watch_);
}

Watchlist::~Watchlist() {
  if (sweep_) sweep_->list = nullptr;
}

void Watchlist::sweep_at(const asio::any_io_executor& executor, Watch::Time time) {
  if (time >= sweep_time_) return;
  if (!sweep_) sweep_ = std::make_shared<Sweep>(executor, this);
  sweep_time_ = time;
  sweep_->timer.expires_at(time);
  sweep_->timer.async_wait([state = sweep_](const error_code& error) {
    if (!error && state->list) state->list->sweep();
  });
}

// A timer that nobody needs would hold up whoever waits for the loop to run dry.
void Watchlist::end_sweep() {
  if (!watches_.empty() || sweep_time_ == Watch::Time::max()) return;
  sweep_time_ = Watch::Time::max();
  sweep_->timer.cancel();
}

void Watchlist::sweep() {
  if (std::chrono::steady_clock::now() < sweep_time_) return;  // set anew while this was queued
  sweep_time_ = Watch::Time::max();
  std::vector<std::shared_ptr<Watch::State>> over;
  Watch::Time next = Watch::Time::max();
  const auto now = std::chrono::steady_clock::now();
  for (const Watch* watch : watches_) {
    if (!watch->shortened_ || watch->state_->fired) continue;
    if (watch->deadline_ <= now)
      over.push_back(watch->state_);
    else
      next = std::min(next, watch->deadline_);
  }
  if (next != Watch::Time::max()) sweep_at(sweep_->timer.get_executor(), next);
  for (const auto& state : over) state->fire();
}

void Watchlist::stop() {
  if (!stopped_at_) stopped_at_ = std::chrono::steady_clock::now();
  for (Watch* watch : watches_) watch->stop();
}

}  // namespace plumb::net
