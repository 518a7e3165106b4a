#include "probe/engine/password_gate.hpp"

#include <gtest/gtest.h>

#include <functional>

#include <chrono>
#include <vector>

namespace plumb::engine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Verdict = wire::LoginAnswer::Verdict;
using Answer = std::optional<wire::LoginAnswer>;

Answer answer(Verdict verdict) { return wire::LoginAnswer{verdict, true, milliseconds(1)}; }

// One conversation: enters the gate, and if it may use the account, hears `heard` a moment later.
asio::awaitable<void> conversation(asio::io_context& io, PasswordGate& gate, Answer heard,
                                   bool tried, std::vector<bool>& used, net::Event::Time limit) {
  const bool account = co_await gate.enter(limit);
  used.push_back(account);
  if (!account) co_return;
  asio::steady_timer pause(io, milliseconds(5));
  co_await pause.async_wait(asio::use_awaitable);
  gate.settle(heard, tried);
}

std::vector<bool> three(std::vector<Answer> heard, bool closed = false,
                        std::chrono::nanoseconds patience = hours(1)) {
  asio::io_context io;
  PasswordGate gate(io.get_executor(), closed);
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + patience;
  for (const Answer& each : heard)
    asio::co_spawn(io, conversation(io, gate, each, each.has_value(), used, limit), asio::detached);
  io.run();
  return used;
}

TEST(PasswordGate, OthersFollowAnAcceptedPassword) {
  const Answer good = answer(Verdict::accepted);
  EXPECT_EQ(three({good, good, good}), (std::vector<bool>{true, true, true}));
}

TEST(PasswordGate, ARefusedPasswordIsSentOnce) {
  const Answer bad = answer(Verdict::refused);
  EXPECT_EQ(three({bad, bad, bad}), (std::vector<bool>{true, false, false}));
}

TEST(PasswordGate, ALeaderThatNeverLoggedInHandsOver) {
  EXPECT_EQ(three({std::nullopt, answer(Verdict::accepted), answer(Verdict::accepted)}),
            (std::vector<bool>{true, true, true}));
  EXPECT_EQ(three({std::nullopt, answer(Verdict::refused), answer(Verdict::accepted)}),
            (std::vector<bool>{true, true, false}));
}

TEST(PasswordGate, AProofWithoutAnAnswerIsNotSentToTheNextAddress) {
  asio::io_context io;
  PasswordGate gate(io.get_executor(), false);
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + hours(1);
  asio::co_spawn(io, conversation(io, gate, std::nullopt, true, used, limit), asio::detached);
  asio::co_spawn(io, conversation(io, gate, std::nullopt, true, used, limit), asio::detached);
  io.run();
  EXPECT_EQ(used, (std::vector<bool>{true, false}));
}

TEST(PasswordGate, NoWordInTimeMeansAnonymous) {
  const Answer good = answer(Verdict::accepted);
  EXPECT_EQ(three({good, good, good}, false, milliseconds(1)),
            (std::vector<bool>{true, false, false}));
}

// After so many turns of the loop: the reaction, the waking and the going on are one each.
void in_turns(asio::io_context& io, int turns, const std::function<void()>& check) {
  asio::post(io, [&io, turns, check] {
    if (turns > 1) return in_turns(io, turns - 1, check);
    check();
  });
}

TEST(PasswordGate, AnInterruptLetsTheOthersFinishAnonymouslyAtOnce) {
  asio::io_context io;
  net::SpinLock lock;
  AccountTurn turns(lock);
  PasswordGate gate(io.get_executor(), true);
  const Answer good = answer(Verdict::accepted);
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + hours(1);
  const auto all = [&]() -> asio::awaitable<void> {
    gate.open_with(co_await turns.take(io.get_executor()));
    for (int i = 0; i < 3; ++i)
      asio::co_spawn(io, conversation(io, gate, good, true, used, limit), asio::detached);
    asio::post(io, [&] {
      {
        const net::Holding held(lock);
        turns.stop();
      }
      in_turns(io, 5, [&] { EXPECT_EQ(used, (std::vector<bool>{true, false, false})); });
    });
  };
  asio::co_spawn(io, all(), asio::detached);
  io.run();
  EXPECT_EQ(used, (std::vector<bool>{true, false, false})) << "the leader was not woken twice";
  EXPECT_TRUE(gate.tried_here());
}

TEST(PasswordGate, ClosedLetsNobodyIn) {
  const Answer good = answer(Verdict::accepted);
  EXPECT_EQ(three({good, good}, true), (std::vector<bool>{false, false}));
}

}  // namespace
}  // namespace plumb::engine
