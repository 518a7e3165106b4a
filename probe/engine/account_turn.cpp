#include "probe/engine/account_turn.hpp"

namespace plumb::engine {

asio::awaitable<AccountTurn::Held> AccountTurn::take(asio::any_io_executor executor) {
  if (stopped_) co_return Held();
  if (!std::exchange(taken_, true)) co_return Held(this);
  // pass_on() hands the turn over without freeing it, so nobody can slip in between.
  net::Event turn(executor);
  waiting_.push_back(&turn);
  co_await turn.wait();
  co_return stopped_ ? Held() : Held(this);
}

void AccountTurn::pass_on() {
  react_ = nullptr;
  if (waiting_.empty()) {
    taken_ = false;
    return;
  }
  net::Event* next = waiting_.front();
  waiting_.pop_front();
  next->set();
}

void AccountTurn::stop() {
  stopped_ = true;
  if (react_) react_();
  for (net::Event* event : std::exchange(waiting_, {})) event->set();
}

}  // namespace plumb::engine
