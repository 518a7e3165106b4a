#include "probe/engine/password_gate.hpp"

namespace plumb::engine {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

// Whether the password was refused is asked when the turn has come.
net::awaitable<void> PasswordGate::open(const std::string& account,
                                        std::chrono::seconds retry_after) {
  account_ = &account;
  retry_after_ = retry_after;
  turns_ = &memory_.turn(account);
  AccountTurn::Held turn = co_await turns_->take(executor_);
  if (turn.held() && may_try()) hold(std::move(turn));
}

bool PasswordGate::may_try() const {
  return memory_.may_try(*account_, Clock::now(), retry_after_);
}

void PasswordGate::hold(AccountTurn::Held turn) {
  turn_ = std::move(turn);
  turn_.on_stop([this] { let_go(); });
  state_ = State::free;
}

Micros PasswordGate::silence() const { return turn_.held() ? turns_->silence() : Micros(0); }

void PasswordGate::note_connect(Micros took) {
  if (turns_) turns_->note_connect(took);
}

void PasswordGate::lend() {
  if (state_ != State::free) return;
  turn_ = {};
  state_ = State::lent;
}

net::awaitable<void> PasswordGate::take_back() {
  state_ = State::taken;
  const auto limit = Clock::now() + kLongestWait;
  AccountTurn::Held turn = co_await turns_->take_again(executor_, limit);
  state_ = State::refused;
  late_ = !turn.held() && Clock::now() >= limit;
  if (turn.held() && may_try()) hold(std::move(turn));
  waiting_.wake_all();
}

void PasswordGate::let_go() {
  stopped_ = true;
  waiting_.wake_all();
}

net::awaitable<bool> PasswordGate::enter(net::Event::Time limit) {
  while (state_ == State::taken && !stopped_) {
    const bool woken = co_await waiting_.wait(executor_, limit);
    if (!woken) co_return false;
  }
  if (!stopped_ && state_ == State::lent) co_await take_back();
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

}  // namespace plumb::engine
