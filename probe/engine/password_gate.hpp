// The password goes to one address first (design.md §1.2). Conversations that are ready to log in
// ask the gate: the first becomes the leader and uses the account, the others wait for what the
// server tells it. Accepted: they use the account as well. Refused, or no word within the limit:
// the anonymous login. A leader that never came to its login (TLS broke, 1129) hands the lead to
// the next; one that sent its proof and never heard (reset, time up) has used up the one address.
//
// The gate holds the account's turn among all targets until its own question is settled.
#pragma once

#include <chrono>
#include <optional>

#include "probe/engine/account_turn.hpp"
#include "probe/net/event.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::engine {

class PasswordGate {
 public:
  // `closed`: no account is configured, or its password was refused lately.
  PasswordGate(asio::any_io_executor executor, bool closed)
      : executor_(std::move(executor)), state_(closed ? State::refused : State::free) {}
  PasswordGate(const PasswordGate&) = delete;
  PasswordGate& operator=(const PasswordGate&) = delete;
  void open_with(AccountTurn::Held turn);

  // True: use the account, and call settle() when the conversation is over.
  asio::awaitable<bool> enter(net::Event::Time limit);
  // `tried`: the account's proof was sent, whatever came back.
  void settle(const std::optional<wire::LoginAnswer>& answer, bool tried);
  // Some address of this target was told the password: what came of it is in its own evidence.
  bool tried_here() const { return tried_; }
  // Nobody here leads yet and other targets wait for the turn: it is theirs, we stay anonymous.
  void yield_turn();

 private:
  enum class State { free, taken, accepted, refused };
  // An interrupt: who waits finishes anonymously while there is time.
  void let_go();

  asio::any_io_executor executor_;
  State state_;
  bool stopped_ = false;
  bool tried_ = false;
  AccountTurn::Held turn_;
  net::Waiters waiting_;
};

}  // namespace plumb::engine
