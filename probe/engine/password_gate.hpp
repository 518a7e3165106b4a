// The password goes to one address first (design.md §1.2). Conversations that are ready to log in
// ask the gate: the first becomes the leader and uses the account, the others wait for what the
// server tells it. Accepted: they use the account as well. Refused, or no word within the limit:
// the anonymous login. A leader that never came to its login (TLS broke, 1129) hands the lead to
// the next; one that sent its proof and never heard (reset, time up) has used up the one address.
//
// The gate holds the account's turn among all targets until its own question is settled; while
// nobody here is connected it may lend it to them.
#pragma once

#include <chrono>
#include <optional>

#include "probe/engine/memory.hpp"
#include "probe/net/event.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::engine {

class PasswordGate {
 public:
  // A server waits for our login as long as its connect_timeout (10 s, may be set to 2), then it
  // counts the connection against this host: however large the budget, nobody waits for longer.
  static constexpr std::chrono::milliseconds kLongestWait{1500};

  PasswordGate(net::Executor executor, Memory& memory)  // closed
      : executor_(std::move(executor)), memory_(memory) {}
  PasswordGate(const PasswordGate&) = delete;
  PasswordGate& operator=(const PasswordGate&) = delete;
  // Waits for the account's turn; stays closed if its password was refused lately. `account` outlives
  // the gate.
  net::awaitable<void> open(const std::string& account, std::chrono::seconds retry_after);
  // How long a connect may be unanswered before the turn is lent; zero: there is nothing to lend.
  Micros silence() const;
  void note_connect(Micros took);

  // True: use the account, and call settle() when the conversation is over.
  net::awaitable<bool> enter(net::Event::Time limit);
  // `tried`: the account's proof was sent, whatever came back.
  void settle(const std::optional<wire::LoginAnswer>& answer, bool tried);
  // Some address of this target was told the password: what came of it is in its own evidence.
  bool tried_here() const { return tried_; }
  // Others were using it for as long as our server could be let wait.
  bool came_too_late() const { return late_; }
  // If nobody here leads yet the turn is the other targets' until somebody does.
  void lend();

 private:
  enum class State { free, lent, taken, accepted, refused };
  bool may_try() const;
  void hold(AccountTurn::Held turn);
  net::awaitable<void> take_back();
  // An interrupt: who waits finishes anonymously while there is time.
  void let_go();

  net::Executor executor_;
  Memory& memory_;
  const std::string* account_ = nullptr;
  std::chrono::seconds retry_after_{0};
  AccountTurn* turns_ = nullptr;
  State state_ = State::refused;
  bool stopped_ = false;
  bool tried_ = false;
  bool late_ = false;
  AccountTurn::Held turn_;
  net::Waiters waiting_;
};

}  // namespace plumb::engine
