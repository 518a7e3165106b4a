#include "probe/net/event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace plumb::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

net::awaitable<void> wait_for(Event& event, Event::Time limit, std::optional<bool>& result) {
  const bool set = co_await event.wait(limit);
  result = set;
}

TEST(Event, WakesItsWaiter) {
  asio::io_context io;
  Event event(io.get_executor());
  std::optional<bool> result;
  asio::co_spawn(io, wait_for(event, steady_clock::now() + hours(1), result), asio::detached);
  asio::post(io, [&] { event.set(); });
  io.run();
  EXPECT_EQ(result, true);
}

TEST(Event, RemembersThatItWasSet) {
  asio::io_context io;
  Event event(io.get_executor());
  event.set();
  std::optional<bool> result;
  asio::co_spawn(io, wait_for(event, Event::Time::max(), result), asio::detached);
  io.run();
  EXPECT_EQ(result, true);
}

TEST(Event, GivesUpAtTheLimit) {
  asio::io_context io;
  Event event(io.get_executor());
  std::optional<bool> result;
  asio::co_spawn(io, wait_for(event, steady_clock::now() + milliseconds(1), result),
                 asio::detached);
  io.run();
  EXPECT_EQ(result, false);
}

net::awaitable<void> queue_up(asio::io_context& io, Waiters& waiters, char name, Event::Time limit,
                              std::string& order) {
  const bool woken = co_await waiters.wait(io.get_executor(), limit);
  order += name;
  if (!woken) order += '!';
}

TEST(Waiters, AreWokenInTheOrderInWhichTheyCame) {
  asio::io_context io;
  Waiters waiters;
  std::string order;
  for (const char name : {'a', 'b', 'c'})
    asio::co_spawn(io, queue_up(io, waiters, name, Event::Time::max(), order), asio::detached);
  io.poll();
  waiters.wake_first();
  io.poll();
  EXPECT_EQ(order, "a");
  waiters.wake_all();
  io.run();
  EXPECT_EQ(order, "abc");
  EXPECT_TRUE(waiters.empty());
  waiters.wake_first();
}

TEST(Waiters, WhoGaveUpIsNotInTheWayOfTheNext) {
  asio::io_context io;
  Waiters waiters;
  std::string order;
  const auto soon = steady_clock::now() + milliseconds(1);
  asio::co_spawn(io, queue_up(io, waiters, 'a', soon, order), asio::detached);
  asio::co_spawn(io, queue_up(io, waiters, 'b', Event::Time::max(), order), asio::detached);
  while (order.empty()) io.run_one();
  EXPECT_EQ(order, "a!");
  waiters.wake_first();
  io.run();
  EXPECT_EQ(order, "a!b");
}

}  // namespace
}  // namespace plumb::net
