#include "probe/net/deadline.hpp"

#include <algorithm>

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
  arm();
  if (list_.stopping()) stop();
}

Watch::~Watch() {
  state_->cancel = nullptr;
  list_.watches_.erase(this);
}

void Watch::arm() {
  timer_.expires_at(deadline_);
  timer_.async_wait([state = state_](const error_code& error) {
    if (error || !state->cancel) return;
    state->fired = true;
    state->cancel();
  });
}

void Watch::shorten(Time deadline) {
  if (deadline >= deadline_ || state_->fired) return;
  deadline_ = deadline;
  arm();
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

void Watchlist::stop() {
  if (!stopped_at_) stopped_at_ = std::chrono::steady_clock::now();
  for (Watch* watch : watches_) watch->stop();
}

}  // namespace plumb::net
