#include "probe/net/places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace plumb::net {
namespace {

struct Load {
  int now = 0, most = 0;
  std::vector<int> order;
};

net::awaitable<void> hold(asio::io_context& io, Places& places, Load& load, int id,
                          Event::Time limit = Event::Time::max()) {
  const Places::Place place = co_await places.take(io.get_executor(), limit);
  if (!place.taken()) co_return;
  load.order.push_back(id);
  load.most = std::max(load.most, ++load.now);
  net::Timer pause(io, std::chrono::milliseconds(5));
  co_await pause.async_wait(net::use_awaitable);
  --load.now;
}

TEST(Places, AreAsManyAsThereAreInTheOrderOfComing) {
  asio::io_context io;
  Places places(2);
  Load load;
  for (int i = 0; i < 5; ++i) asio::co_spawn(io, hold(io, places, load, i), asio::detached);
  io.run();
  EXPECT_EQ(load.most, 2);
  EXPECT_EQ(load.order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Places, WhoCannotWaitLeavesNoGap) {
  asio::io_context io;
  Places places(1);
  Load load;
  const auto soon = Event::Time::clock::now() + std::chrono::milliseconds(1);
  asio::co_spawn(io, hold(io, places, load, 0), asio::detached);
  asio::co_spawn(io, hold(io, places, load, 1, soon), asio::detached);
  asio::co_spawn(io, hold(io, places, load, 2), asio::detached);
  io.run();
  EXPECT_EQ(load.order, (std::vector<int>{0, 2}));
}

}  // namespace
}  // namespace plumb::net
