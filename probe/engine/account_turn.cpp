#include "probe/engine/account_turn.hpp"

namespace plumb::engine {

asio::awaitable<AccountTurn::Held> AccountTurn::take(asio::any_io_executor executor) {
  if (stopped_) co_return Held();
  if (!std::exchange(taken_, true)) co_return Held(this);
  // pass_on() hands the turn over without freeing it, so nobody can slip in between.
  co_await waiting_.wait(executor);
  co_return stopped_ ? Held() : Held(this);
}

void AccountTurn::pass_on() {
  react_ = nullptr;
  taken_ = !waiting_.empty();
  waiting_.wake_first();
}

void AccountTurn::stop() {
  stopped_ = true;
  if (react_) react_();
  waiting_.wake_all();
}

}  // namespace plumb::engine
