#include "probe/net/deadline.hpp"

#include <algorithm>
#include <utility>

namespace plumb::net {

Watch::Watch(Executor executor, Watchlist& list, Time deadline, std::chrono::milliseconds grace,
             std::function<void()> cancel)
    : list_(list), deadline_(deadline), grace_(grace), cancel_(std::move(cancel)) {
  if (!list_.wakes_) list_.wakes_ = std::make_shared<WakeList>(std::move(executor));
  list_.watches_.push_back(*this);
  list_.wakes_->wake(*this, deadline_);
  if (list_.stopping()) stop();
}

Watch::~Watch() { list_.wakes_->remove(*this); }

void Watch::on_wake(Time) {
  fired_ = true;
  cancel_();
}

void Watch::shorten(Time deadline) {
  if (deadline >= deadline_ || fired_) return;
  deadline_ = deadline;
  list_.wakes_->wake(*this, deadline_);
}

void Watch::stop() {
  const Time limit = *list_.stopped_at_ + grace_;
  if (limit >= deadline_) return;
  stopped_ = true;
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
  for (Watch& watch : watches_) watch.stop();
}

}  // namespace plumb::net
