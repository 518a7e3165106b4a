#include "probe/engine/account_turn.hpp"

namespace plumb::engine {

asio::awaitable<AccountTurn::Held> AccountTurn::take(asio::any_io_executor executor) {
  net::Holding held(lock_);
  if (stopped_) co_return Held();
  // pass_on() hands the turn over without freeing it, so nobody can slip in between.
  if (std::exchange(taken_, true)) co_await waiting_.wait(held, executor);
  if (stopped_) co_return Held();
  holder_ = std::move(executor);
  co_return Held(this);
}

void AccountTurn::pass_on() {
  const net::Holding held(lock_);
  react_ = nullptr;
  taken_ = !waiting_.empty();
  waiting_.wake_first();
}

void AccountTurn::set_reaction(std::function<void()> react) {
  const net::Holding held(lock_);
  react_ = std::make_shared<std::function<void()>>(std::move(react));
}

bool AccountTurn::is_wanted() const {
  const net::Holding held(lock_);
  return !waiting_.empty();
}

void AccountTurn::stop() {
  stopped_ = true;
  waiting_.wake_all();
  if (!react_) return;
  // The turn is given back on the same executor, and the reaction goes with it.
  const std::weak_ptr<std::function<void()>> react = react_;
  asio::post(holder_, [react] {
    if (const auto still = react.lock()) (*still)();
  });
}

}  // namespace plumb::engine
