#include "probe/engine/account_turn.hpp"

#include <algorithm>

namespace plumb::engine {

// pass_on() hands the turn over without freeing it, so nobody can slip in between.
net::awaitable<AccountTurn::Held> AccountTurn::take_from(net::Waiters& row, net::Executor executor,
                                                         net::Event::Time limit) {
  net::Holding held(lock_);
  if (stopped_) co_return Held();
  if (std::exchange(taken_, true)) {
    const bool in_time = co_await row.wait(held, executor, limit);
    if (!in_time || stopped_) co_return Held();
  }
  holder_ = std::move(executor);
  co_return Held(this);
}

net::awaitable<AccountTurn::Held> AccountTurn::take(net::Executor executor) {
  return take_from(waiting_, std::move(executor), net::Event::Time::max());
}

net::awaitable<AccountTurn::Held> AccountTurn::take_again(net::Executor executor,
                                                          net::Event::Time limit) {
  return take_from(connected_, std::move(executor), limit);
}

void AccountTurn::note_connect(Micros took) {
  const net::Holding held(lock_);
  slowest_ = std::max(took, slowest_ - slowest_ / 8);
}

Micros AccountTurn::silence() const {
  const net::Holding held(lock_);
  return std::clamp(4 * slowest_, kShortestSilence, kLongestSilence);
}

void AccountTurn::pass_on() {
  const net::Holding held(lock_);
  react_ = nullptr;
  net::Waiters& next = connected_.empty() ? waiting_ : connected_;
  taken_ = !next.empty();
  next.wake_first();
}

void AccountTurn::set_reaction(std::function<void()> react) {
  const net::Holding held(lock_);
  react_ = std::make_shared<std::function<void()>>(std::move(react));
}

void AccountTurn::stop() {
  stopped_ = true;
  connected_.wake_all();
  waiting_.wake_all();
  if (!react_) return;
  // The turn is given back on the same executor, and the reaction goes with it.
  const std::weak_ptr<std::function<void()>> react = react_;
  asio::post(*holder_, [react] {
    if (const auto still = react.lock()) (*still)();
  });
}

}  // namespace plumb::engine
