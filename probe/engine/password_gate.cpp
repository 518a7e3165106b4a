#include "probe/engine/password_gate.hpp"

namespace plumb::engine {

void PasswordGate::open_with(AccountTurn::Held turn) {
  turn_ = std::move(turn);
  turn_.on_stop([this] { let_go(); });
  state_ = State::free;
}

void PasswordGate::let_go() {
  stopped_ = true;
  waiting_.wake_all();
}

asio::awaitable<bool> PasswordGate::enter(net::Event::Time limit) {
  while (state_ == State::taken && !stopped_) {
    const bool woken = co_await waiting_.wait(executor_, limit);
    if (!woken) co_return false;
  }
  if (stopped_) co_return false;
  if (state_ == State::free) state_ = State::taken;
  co_return state_ != State::refused;
}

void PasswordGate::settle(const std::optional<wire::LoginAnswer>& answer, bool tried) {
  if (state_ != State::taken) return;
  const bool answered = answer && answer->account;
  tried_ = tried_ || answered || tried;
  if (answered && answer->verdict == wire::LoginAnswer::Verdict::accepted)
    state_ = State::accepted;
  else
    state_ = answered || tried ? State::refused : State::free;
  if (state_ != State::free) turn_ = {};
  waiting_.wake_all();
}

void PasswordGate::yield_turn() {
  if (state_ != State::free || !turn_.wanted()) return;
  state_ = State::refused;
  turn_ = {};
}

}  // namespace plumb::engine
