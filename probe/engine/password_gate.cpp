#include "probe/engine/password_gate.hpp"

namespace plumb::engine {

asio::awaitable<bool> PasswordGate::enter(net::Event::Time limit) {
  while (state_ == State::taken) {
    waiting_.emplace_back(executor_);
    const auto mine = std::prev(waiting_.end());
    const bool woken = co_await mine->wait(limit);
    waiting_.erase(mine);
    if (!woken) co_return false;
  }
  if (state_ == State::free) state_ = State::taken;
  co_return state_ != State::refused;
}

void PasswordGate::settle(const std::optional<wire::LoginAnswer>& answer) {
  using Verdict = wire::LoginAnswer::Verdict;
  if (state_ != State::taken) return;
  if (!answer || !answer->account)
    state_ = State::free;
  else
    state_ = answer->verdict == Verdict::accepted ? State::accepted : State::refused;
  for (net::Event& event : waiting_) event.set();
}

}  // namespace plumb::engine
