#include "probe/net/event.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace plumb::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

asio::awaitable<void> wait_for(Event& event, Event::Time limit, std::optional<bool>& result) {
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

}  // namespace
}  // namespace plumb::net
