#include "probe/engine/drop_allowance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace plumb::engine {
namespace {

struct Server {
  net::SpinLock lock;
  int drops = 0;
  int now = 0, most = 0, begun = 0;
};

// A conversation that is dropped, or not, a moment after it began; none begins once the budget is spent.
net::awaitable<void> talk(asio::io_context& io, DropAllowance& allowance, Server& server,
                          bool drop) {
  net::Holding held(server.lock);
  const DropAllowance::Pass pass =
      co_await allowance.enter(held, io.get_executor(), server.drops, 3);
  held.unlock();
  if (server.drops >= 3) co_return;
  ++server.begun;
  server.most = std::max(server.most, ++server.now);
  net::Timer pause(io, std::chrono::milliseconds(1));
  co_await pause.async_wait(net::use_awaitable);
  --server.now;
  if (drop) ++server.drops;
}

struct Crowd {
  int count = 0;
  bool drop = false;
  int drops_before = 0;
  bool interrupted = false;  // once all have come
};

struct Outcome {
  int drops = 0, most = 0, begun = 0;
};

Outcome after(const Crowd& crowd) {
  asio::io_context io;
  Server server;
  DropAllowance allowance(server.lock);
  server.drops = crowd.drops_before;
  for (int i = 0; i < crowd.count; ++i)
    asio::co_spawn(io, talk(io, allowance, server, crowd.drop), asio::detached);
  if (crowd.interrupted)
    asio::post(io, [&] {
      const net::Holding held(server.lock);
      allowance.stop();
    });
  io.run();
  return {server.drops, server.most, server.begun};
}

TEST(DropAllowance, ManyAtOnceNeverOverdrawTheBudget) {
  const Outcome server = after({.count = 10, .drop = true});
  EXPECT_EQ(server.drops, 3);
  EXPECT_EQ(server.begun, 3);
}

TEST(DropAllowance, AHealthyServerServesEverybody) {
  const Outcome server = after({.count = 10});
  EXPECT_EQ(server.begun, 10);
  EXPECT_EQ(server.most, 3);
}

TEST(DropAllowance, OneAtATimeWhereOneDropIsLeft) {
  const Outcome server = after({.count = 4, .drops_before = 2});
  EXPECT_EQ(server.most, 1);
  EXPECT_EQ(server.begun, 4);
}

TEST(DropAllowance, AnInterruptLetsGo) {
  const Outcome server = after({.count = 4, .drops_before = 2, .interrupted = true});
  EXPECT_EQ(server.begun, 4);
  EXPECT_GT(server.most, 1) << "nobody waited for another";
}

net::awaitable<void> hurry(asio::io_context& io, net::SpinLock& lock, DropAllowance& allowance,
                           bool& admitted) {
  const int drops = 0;
  const auto limit = net::Event::Time::clock::now() + std::chrono::milliseconds(5);
  net::Holding held(lock);
  const DropAllowance::Pass pass =
      co_await allowance.enter(held, io.get_executor(), drops, 1, limit);
  held.unlock();
  admitted = pass.admitted();
}

net::awaitable<void> occupy(asio::io_context& io, net::SpinLock& lock, DropAllowance& allowance) {
  const int drops = 0;
  net::Holding held(lock);
  const DropAllowance::Pass pass = co_await allowance.enter(held, io.get_executor(), drops, 1);
  held.unlock();
  net::Timer pause(io, std::chrono::milliseconds(50));
  co_await pause.async_wait(net::use_awaitable);
}

TEST(DropAllowance, NobodyIsAdmittedAfterTheLimit) {
  asio::io_context io;
  net::SpinLock lock;
  DropAllowance allowance(lock);
  bool late = true, after = false;
  asio::co_spawn(io, occupy(io, lock, allowance), asio::detached);
  asio::co_spawn(io, hurry(io, lock, allowance, late), asio::detached);
  io.run();
  EXPECT_FALSE(late);
  io.restart();
  asio::co_spawn(io, hurry(io, lock, allowance, after), asio::detached);
  io.run();
  EXPECT_TRUE(after) << "nobody is left inside";
}

}  // namespace
}  // namespace plumb::engine
