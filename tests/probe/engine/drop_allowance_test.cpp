#include "probe/engine/drop_allowance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace plumb::engine {
namespace {

struct Server {
  int drops = 0;
  int now = 0, most = 0, begun = 0;
};

// A conversation that is dropped, or not, a moment after it began; none begins once the budget is spent.
asio::awaitable<void> talk(asio::io_context& io, DropAllowance& allowance, Server& server,
                           bool drop) {
  const DropAllowance::Pass pass = co_await allowance.enter(io.get_executor(), server.drops, 3);
  if (server.drops >= 3) co_return;
  ++server.begun;
  server.most = std::max(server.most, ++server.now);
  asio::steady_timer pause(io, std::chrono::milliseconds(1));
  co_await pause.async_wait(asio::use_awaitable);
  --server.now;
  if (drop) ++server.drops;
}

Server after(int count, bool drop) {
  asio::io_context io;
  DropAllowance allowance;
  Server server;
  for (int i = 0; i < count; ++i)
    asio::co_spawn(io, talk(io, allowance, server, drop), asio::detached);
  io.run();
  return server;
}

TEST(DropAllowance, ManyAtOnceNeverOverdrawTheBudget) {
  const Server server = after(10, true);
  EXPECT_EQ(server.drops, 3);
  EXPECT_EQ(server.begun, 3);
}

TEST(DropAllowance, AHealthyServerServesEverybody) {
  const Server server = after(10, false);
  EXPECT_EQ(server.begun, 10);
  EXPECT_EQ(server.most, 3);
}

TEST(DropAllowance, OneAtATimeWhereOneDropIsLeft) {
  asio::io_context io;
  DropAllowance allowance;
  Server server;
  server.drops = 2;
  for (int i = 0; i < 4; ++i)
    asio::co_spawn(io, talk(io, allowance, server, false), asio::detached);
  io.run();
  EXPECT_EQ(server.most, 1);
  EXPECT_EQ(server.begun, 4);
}

TEST(DropAllowance, AnInterruptLetsGo) {
  asio::io_context io;
  DropAllowance allowance;
  Server server;
  server.drops = 2;
  for (int i = 0; i < 4; ++i)
    asio::co_spawn(io, talk(io, allowance, server, false), asio::detached);
  asio::post(io, [&] { allowance.stop(); });
  io.run();
  EXPECT_EQ(server.begun, 4);
  EXPECT_GT(server.most, 1) << "nobody waited for another";
}

}  // namespace
}  // namespace plumb::engine
