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

asio::awaitable<void> visit(Row& row, int number) {
  AccountTurn::Held held = co_await row.turn.take(row.io.get_executor());
  row.order.push_back(number);
  if (!held.held()) {
    ++row.without;
    co_return;
  }
  row.most = std::max(row.most, ++row.inside);
  asio::steady_timer pause(row.io, std::chrono::milliseconds(2));
  co_await pause.async_wait(asio::use_awaitable);
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

TEST(AccountTurn, KnowsWhetherItIsWanted) {
  Row row;
  AccountTurn::Held held;
  const auto hold = [&]() -> asio::awaitable<void> {
    held = co_await row.turn.take(row.io.get_executor());
  };
  asio::co_spawn(row.io, hold, asio::detached);
  row.io.poll();
  EXPECT_FALSE(held.wanted());
  row.io.restart();
  queue(row, 1);
  row.io.poll();
  EXPECT_TRUE(held.wanted());
  EXPECT_TRUE(row.order.empty());
  held = {};
  row.io.restart();
  row.io.run();
  EXPECT_EQ(row.order, (std::vector<int>{0}));
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
