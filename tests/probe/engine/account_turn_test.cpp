#include "probe/engine/account_turn.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include <vector>

namespace plumb::engine {
namespace {

struct Row {
  asio::io_context io{1};
  net::SpinLock lock;
  AccountTurn turn{lock};
  std::vector<int> order;
  int inside = 0, most = 0, without = 0;
};

net::awaitable<void> visit(Row& row, int number) {
  AccountTurn::Held held = co_await row.turn.take(row.io.get_executor());
  row.order.push_back(number);
  if (!held.held()) {
    ++row.without;
    co_return;
  }
  row.most = std::max(row.most, ++row.inside);
  net::Timer pause(row.io, std::chrono::milliseconds(2));
  co_await pause.async_wait(net::use_awaitable);
  --row.inside;
}

void queue(Row& row, int count) {
  for (int i = 0; i < count; ++i) asio::co_spawn(row.io, visit(row, i), asio::detached);
}

TEST(AccountTurn, IsOneAtATimeInTheirOrder) {
  Row row;
  queue(row, 4);
  row.io.run();
  EXPECT_EQ(row.order, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_EQ(row.most, 1);
}

net::awaitable<void> come_again(Row& row, int number, std::chrono::milliseconds patience) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  const AccountTurn::Held held = co_await row.turn.take_again(row.io.get_executor(), limit);
  row.order.push_back(held.held() ? number : -number);
}

TEST(AccountTurn, WhoIsConnectedComesBeforeThoseWhoHaveNotBegun) {
  Row row;
  queue(row, 3);
  asio::co_spawn(row.io, come_again(row, 7, std::chrono::hours(1)), asio::detached);
  row.io.run();
  EXPECT_EQ(row.order, (std::vector<int>{0, 7, 1, 2}));
}

TEST(AccountTurn, WhoIsConnectedIsNotKeptWaitingForLong) {
  Row row;
  AccountTurn::Held held;
  const auto hold = [&]() -> net::awaitable<void> {
    held = co_await row.turn.take(row.io.get_executor());
  };
  asio::co_spawn(row.io, hold, asio::detached);
  asio::co_spawn(row.io, come_again(row, 7, std::chrono::milliseconds(1)), asio::detached);
  row.io.run();
  EXPECT_EQ(row.order, (std::vector<int>{-7}));
  held = {};
  row.io.restart();
  asio::co_spawn(row.io, come_again(row, 8, std::chrono::hours(1)), asio::detached);
  row.io.run();
  EXPECT_EQ(row.order, (std::vector<int>{-7, 8})) << "it was nobody's";
}

TEST(AccountTurn, SilenceIsTakenFromTheConnectsOfLate) {
  using std::chrono::milliseconds;
  Row row;
  EXPECT_EQ(row.turn.silence(), milliseconds(250)) << "nothing is known yet";
  for (int i = 0; i < 100; ++i) row.turn.note_connect(milliseconds(1));
  EXPECT_EQ(row.turn.silence(), milliseconds(10));
  row.turn.note_connect(milliseconds(40));
  EXPECT_EQ(row.turn.silence(), milliseconds(160)) << "one that is far away counts at once";
}

TEST(AccountTurn, AnInterruptLetsAllGoWithoutIt) {
  Row row;
  queue(row, 3);
  row.io.poll();
  {
    const net::Holding held(row.lock);
    row.turn.stop();
  }
  row.io.restart();
  row.io.run();
  EXPECT_EQ(row.without, 2);
  EXPECT_EQ(row.order.size(), 3U);
}

}  // namespace
}  // namespace plumb::engine
