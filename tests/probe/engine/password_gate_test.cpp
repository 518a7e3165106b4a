#include "probe/engine/password_gate.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace plumb::engine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using Verdict = wire::LoginAnswer::Verdict;
using Answer = std::optional<wire::LoginAnswer>;

Answer answer(Verdict verdict) { return wire::LoginAnswer{verdict, true, milliseconds(1)}; }

// One conversation: enters the gate, and if it may use the account, hears `heard` a moment later.
net::awaitable<void> conversation(asio::io_context& io, PasswordGate& gate, Answer heard,
                                  bool tried, std::vector<bool>& used, net::Event::Time limit) {
  const bool account = co_await gate.enter(limit);
  used.push_back(account);
  if (!account) co_return;
  net::Timer pause(io, milliseconds(5));
  co_await pause.async_wait(net::use_awaitable);
  gate.settle(heard, tried);
}

const std::string kAccount = "app";

struct Gate {
  asio::io_context io;
  Memory memory;
  PasswordGate gate{io.get_executor(), memory};

  void open() {
    asio::co_spawn(io, gate.open(kAccount, std::chrono::seconds(1)), asio::detached);
    io.poll();
    io.restart();
  }
};

std::vector<bool> three(std::vector<Answer> heard, bool closed = false,
                        std::chrono::nanoseconds patience = hours(1)) {
  Gate at;
  if (!closed) at.open();
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + patience;
  for (const Answer& each : heard)
    asio::co_spawn(at.io, conversation(at.io, at.gate, each, each.has_value(), used, limit),
                   asio::detached);
  at.io.run();
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
  Gate at;
  at.open();
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + hours(1);
  for (int i = 0; i < 2; ++i)
    asio::co_spawn(at.io, conversation(at.io, at.gate, std::nullopt, true, used, limit),
                   asio::detached);
  at.io.run();
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
  Gate at;
  at.open();
  const Answer good = answer(Verdict::accepted);
  std::vector<bool> used;
  const auto limit = std::chrono::steady_clock::now() + hours(1);
  for (int i = 0; i < 3; ++i)
    asio::co_spawn(at.io, conversation(at.io, at.gate, good, true, used, limit), asio::detached);
  in_turns(at.io, 2, [&] {
    at.memory.stop();
    in_turns(at.io, 5, [&] { EXPECT_EQ(used, (std::vector<bool>{true, false, false})); });
  });
  at.io.run();
  EXPECT_EQ(used, (std::vector<bool>{true, false, false})) << "the leader was not woken twice";
  EXPECT_TRUE(at.gate.tried_here());
}

// Who leads has lent the turn, and another target holds it for so long.
std::vector<bool> after_lending(Gate& at, milliseconds anothers) {
  at.open();
  at.gate.lend();
  std::vector<bool> used;
  const auto another = [&]() -> net::awaitable<void> {
    const AccountTurn::Held held = co_await at.memory.turn(kAccount).take(at.io.get_executor());
    net::Timer pause(at.io, anothers);
    co_await pause.async_wait(net::use_awaitable);
  };
  asio::co_spawn(at.io, another, asio::detached);
  const auto limit = std::chrono::steady_clock::now() + hours(1);
  for (int i = 0; i < 2; ++i)
    asio::co_spawn(at.io,
                   conversation(at.io, at.gate, answer(Verdict::accepted), true, used, limit),
                   asio::detached);
  at.io.run();
  return used;
}

TEST(PasswordGate, TakesTheTurnAgainThatItHasLent) {
  Gate at;
  EXPECT_EQ(after_lending(at, milliseconds(20)), (std::vector<bool>{true, true}));
  EXPECT_FALSE(at.gate.came_too_late());
}

TEST(PasswordGate, DoesNotLetItsServerWaitForATurnThatDoesNotCome) {
  Gate at;
  EXPECT_EQ(after_lending(at, milliseconds(1700)), (std::vector<bool>{false, false}));
  EXPECT_TRUE(at.gate.came_too_late());
}

TEST(PasswordGate, APasswordThatWasRefusedMeanwhileIsNotSent) {
  Gate at;
  at.memory.note_refused(kAccount, {"elsewhere:4000", {}, std::chrono::steady_clock::now()});
  EXPECT_EQ(after_lending(at, milliseconds(1)), (std::vector<bool>{false, false}));
  EXPECT_FALSE(at.gate.came_too_late()) << "it has come";
}

TEST(PasswordGate, ClosedLetsNobodyIn) {
  const Answer good = answer(Verdict::accepted);
  EXPECT_EQ(three({good, good}, true), (std::vector<bool>{false, false}));
}

}  // namespace
}  // namespace plumb::engine
