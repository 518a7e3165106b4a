#include "probe/net/asio_network.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "probe/model/keys.hpp"
#include "tests/support/in_time.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

awaitable<void> connect_to(AsioNetwork& network, Endpoint to, Deadline deadline,
                           Connected& result) {
  result = co_await network.connect(to, ConnectOptions{}, deadline);
}

Connected connect(Endpoint to, milliseconds limit, milliseconds stop_after = milliseconds(0)) {
  asio::io_context io;
  AsioNetwork network(io, std::nullopt);
  Connected result;
  asio::co_spawn(io, connect_to(network, to, Clock::now() + limit, result), asio::detached);
  asio::steady_timer interrupt(io);
  if (stop_after.count() > 0) {
    interrupt.expires_after(stop_after);
    interrupt.async_wait([&](const error_code&) { network.stop(); });
  }
  io.run();
  result.connection.reset();
  return result;
}

TEST(AsioNetwork, ConnectsAndSaysHow) {
  test::LoopbackServer server([](int) {});
  const Connected seen = connect(server.endpoint(), seconds(5));
  EXPECT_FALSE(seen.observation.failure);
  EXPECT_EQ(*seen.observation.facts.get(key::local_address), "127.0.0.1");
  EXPECT_TRUE(seen.observation.facts.has(key::tcp_connect_ms));
  EXPECT_GT(seen.observation.facts.get_or(key::tcp_mss, std::int64_t{0}), 500);
}

TEST(AsioNetwork, RefusedIsARstWithoutIcmp) {
  const Connected seen = connect(test::closed_port(), seconds(5));
  EXPECT_EQ(seen.observation.failure, Failure::refused);
  EXPECT_EQ(seen.observation.raw, "ECONNREFUSED");
  EXPECT_FALSE(seen.observation.facts.has(key::tcp_icmp_type));
}

TEST(AsioNetwork, SilenceEndsAtTheDeadline) {
  const test::SilentPort silent;
  Connected seen;
  EXPECT_TRUE(test::in_time(milliseconds(150 + 100), [&] {
    seen = connect(silent.endpoint(), milliseconds(150));
    EXPECT_EQ(seen.observation.failure, Failure::timed_out);
  }));
  // The deadline was set a moment before the connect began.
  EXPECT_GT(seen.observation.facts.get_or(key::tcp_waited_ms, 0.0), 100.0);
}

TEST(AsioNetwork, AnInterruptEndsAConnectAtOnce) {
  const test::SilentPort silent;
  const auto began = Clock::now();
  const Connected seen = connect(silent.endpoint(), seconds(30), milliseconds(20));
  EXPECT_EQ(seen.observation.failure, Failure::cancelled);
  EXPECT_LT(Clock::now() - began, seconds(1));
}

TEST(AsioNetwork, NothingBeginsAfterAnInterrupt) {
  test::LoopbackServer server([](int) {});
  asio::io_context io;
  AsioNetwork network(io, std::nullopt);
  network.stop();
  Connected seen;
  const auto deadline = Clock::now() + seconds(5);
  asio::co_spawn(io, connect_to(network, server.endpoint(), deadline, seen), asio::detached);
  io.run();
  EXPECT_EQ(seen.observation.failure, Failure::cancelled);
  EXPECT_FALSE(seen.observation.facts.has(key::local_address)) << "not even a socket";
}

}  // namespace
}  // namespace plumb::net
