#include "probe/net/path_trace.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/net/asio_network.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/routed_path.hpp"

namespace plumb::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::RoutedPath;
using Kind = SynOutcome::Kind;
using Hops = std::vector<std::string>;

const Address kTarget = *Address::parse("10.0.9.9");

Observation syn(std::optional<Failure> failure, int icmp_type = -1, const std::string& from = {}) {
  Observation seen;
  seen.failure = failure;
  if (icmp_type >= 0) seen.facts.set(key::tcp_icmp_type, std::int64_t{icmp_type});
  if (!from.empty()) seen.facts.set(key::tcp_icmp_from, from);
  return seen;
}

TEST(JudgeSyn, TellsARouterFromTheTargetAndBothFromSilence) {
  const auto unreachable = Failure::host_unreachable;
  const SynOutcome hop = judge_syn(syn(unreachable, 11, "10.0.0.1"), kTarget);
  EXPECT_EQ(hop.kind, Kind::hop);
  EXPECT_EQ(hop.from, "10.0.0.1");
  EXPECT_EQ(judge_syn(syn(std::nullopt), kTarget).kind, Kind::accepted);
  EXPECT_EQ(judge_syn(syn(Failure::refused), kTarget).kind, Kind::refused);
  EXPECT_EQ(judge_syn(syn(Failure::reset), kTarget).kind, Kind::refused);
  EXPECT_EQ(judge_syn(syn(Failure::timed_out), kTarget).kind, Kind::silent);
}

TEST(JudgeSyn, AnUnreachableIsTheDevicesWordUnlessTheTargetSaysIt) {
  const SynOutcome barred = judge_syn(syn(Failure::admin_prohibited, 3, "10.0.0.1"), kTarget);
  EXPECT_EQ(barred.kind, Kind::barred);
  EXPECT_EQ(barred.from, "10.0.0.1");
  EXPECT_EQ(judge_syn(syn(Failure::refused, 3, "10.0.9.9"), kTarget).kind, Kind::refused);
}

TEST(JudgeSyn, TheTypesOfTheFamiliesAreNotMixedUp) {
  const Address v6 = *Address::parse("fd00::9");
  EXPECT_EQ(judge_syn(syn(Failure::host_unreachable, 3, "fd00::1"), v6).kind, Kind::hop);
  EXPECT_EQ(judge_syn(syn(Failure::host_unreachable, 1, "fd00::1"), v6).kind, Kind::barred);
  EXPECT_EQ(judge_syn(syn(Failure::host_unreachable, 3, "10.0.0.1"), kTarget).kind, Kind::barred);
}

TEST(JudgeSyn, WhatThisHostLacksIsNoWordOfThePath) {
  for (const Failure failure : {Failure::net_unreachable, Failure::no_route, Failure::local_limit,
                                Failure::address_unavailable, Failure::cancelled})
    EXPECT_EQ(judge_syn(syn(failure), kTarget).kind, Kind::unusable) << to_string(failure);
}

Hops hops(const Facts& facts) { return facts.get_or(key::path_hops, Hops{"absent"}); }
std::int64_t last_hop(const Facts& facts) {
  return facts.get_or(key::path_last_hop, std::int64_t{-1});
}

TEST(PathRecord, CountsSilentHopsAndEndsAtTheTarget) {
  PathRecord record;
  EXPECT_EQ(record.next_hops(), 1);
  record.add({Kind::hop, "10.0.0.1"});
  record.add({Kind::silent, {}});
  EXPECT_EQ(record.next_hops(), 3);
  EXPECT_FALSE(record.complete());
  record.add({Kind::refused, {}});
  EXPECT_TRUE(record.complete());
  EXPECT_EQ(hops(record.facts()), (Hops{"10.0.0.1", "*"}));
  EXPECT_EQ(last_hop(record.facts()), 1);
  EXPECT_EQ(record.facts().get_or(key::path_reached, false), true);
}

TEST(PathRecord, ThreeSilentHopsEndItBeyondTheThirdOnly) {
  PathRecord silent;
  int sent = 0;
  for (; !silent.complete(); ++sent) silent.add({Kind::silent, {}});
  EXPECT_EQ(sent, 6);
  EXPECT_EQ(last_hop(silent.facts()), 0);
  EXPECT_EQ(silent.facts().get_or(key::path_reached, true), false);
  PathRecord broken;
  for (const Kind kind : {Kind::silent, Kind::silent, Kind::silent, Kind::silent, Kind::silent,
                          Kind::hop, Kind::silent, Kind::silent})
    broken.add({kind, "10.0.0.6"});
  EXPECT_FALSE(broken.complete()) << "the sixth hop answered";
  EXPECT_EQ(last_hop(broken.facts()), 6);
}

TEST(PathRecord, NoPathHasMoreThanThirtyHops) {
  PathRecord loop;
  int sent = 0;
  for (; !loop.complete(); ++sent) loop.add({Kind::hop, "10.0.0.1"});
  EXPECT_EQ(sent, 30);
}

TEST(PathRecord, ADeviceThatBarsIsTheLastHop) {
  PathRecord record;
  record.add({Kind::hop, "10.0.0.1"});
  record.add({Kind::barred, "10.0.0.2"});
  EXPECT_TRUE(record.complete());
  EXPECT_EQ(hops(record.facts()), (Hops{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(last_hop(record.facts()), 2);
  EXPECT_FALSE(record.facts().get_or(key::path_reached, true));
}

struct World {  // sockets of the loop's own are made where the loop is: within one namespace
  asio::io_context io;
  Guards guards;
  AsioNetwork network{io, std::nullopt, guards};
};

awaitable<void> trace_to(AsioNetwork& network, Endpoint to, Deadline deadline, Traced& result) {
  result = co_await network.trace(to, std::nullopt, deadline);
}

void trace(World& world, const Endpoint& to, milliseconds limit, Traced& result) {
  asio::co_spawn(world.io, trace_to(world.network, to, Clock::now() + limit, result),
                 asio::detached);
  world.io.restart();
  world.io.run();
}

const Facts& facts(const Traced& traced) { return traced.observation.facts; }

TEST(PathTrace, LoopbackIsReachedAtOnceAndTheConnectionHandedOn) {
  test::LoopbackServer server([](int) {});
  World world;
  Traced traced;
  trace(world, server.endpoint(), seconds(5), traced);
  ASSERT_TRUE(traced.connection);
  EXPECT_FALSE(traced.observation.failure);
  EXPECT_EQ(traced.observation.phase, Phase::path);
  EXPECT_EQ(traced.observation.endpoint, server.endpoint().to_string());
  EXPECT_EQ(hops(facts(traced)), Hops{});
  EXPECT_EQ(last_hop(facts(traced)), 0);
  EXPECT_TRUE(facts(traced).get_or(key::path_reached, false));
  while (server.accepted() == 0) usleep(100);
  EXPECT_EQ(server.accepted(), 1) << "one connection, not one per hop";
  traced.connection.reset();
}

TEST(PathTrace, ARefusalIsTheTargetsToo) {
  World world;
  Traced traced;
  trace(world, test::closed_port(), seconds(5), traced);
  EXPECT_FALSE(traced.connection);
  EXPECT_TRUE(facts(traced).get_or(key::path_reached, false));
  EXPECT_FALSE(traced.observation.failure) << "the trace itself did not fail";
}

TEST(PathTrace, SilenceEndsBeforeItsTimeAndTheTimeEndsSilence) {
  const test::SilentPort silent;
  World world;
  Traced traced, hurried;
  trace(world, silent.endpoint(), seconds(20), traced);
  EXPECT_EQ(hops(facts(traced)), Hops(6, "*"));
  EXPECT_FALSE(facts(traced).get_or(key::path_reached, true));
  EXPECT_LT(traced.observation.took, seconds(10)) << "six short waits";
  trace(world, silent.endpoint(), milliseconds(60), hurried);
  EXPECT_LT(hops(facts(hurried)).size(), 4u) << "20 ms each at least";
  EXPECT_LT(hurried.observation.took, seconds(5));
}

TEST(PathTrace, WithoutTimeForOneHopItFails) {
  World world;
  Traced traced;
  trace(world, test::closed_port(), milliseconds(5), traced);
  EXPECT_EQ(traced.observation.failure, Failure::timed_out);
}

TEST(PathTrace, AnInterruptEndsItAndLaterNoneBegins) {
  const test::SilentPort silent;
  World world;
  net::Timer interrupt(world.io, milliseconds(50));
  interrupt.async_wait([&](const error_code&) { world.network.stop(); });
  const auto began = Clock::now();
  Traced traced, later;
  trace(world, silent.endpoint(), seconds(60), traced);
  EXPECT_EQ(traced.observation.failure, Failure::cancelled);
  trace(world, silent.endpoint(), seconds(60), later);
  EXPECT_EQ(later.observation.failure, Failure::cancelled);
  EXPECT_LT(Clock::now() - began, seconds(5));
}

TEST(PathTrace, WaitsForAPlaceAmongTheConnectionsOfItsAddress) {
  test::LoopbackServer server([](int) {});
  asio::io_context io;
  Guards guards(1);
  AsioNetwork network(io, std::nullopt, guards);
  Traced first, second;
  const auto deadline = Clock::now() + seconds(5);
  asio::co_spawn(io, trace_to(network, server.endpoint(), deadline, first), asio::detached);
  asio::co_spawn(io, trace_to(network, server.endpoint(), deadline, second), asio::detached);
  while (!first.connection && io.run_one() > 0) {
  }
  io.poll();
  EXPECT_FALSE(second.connection);
  first.connection.reset();
  io.run();
  EXPECT_TRUE(second.connection);
  second.connection.reset();
}

class RealPath : public testing::Test {
 protected:
  void SetUp() override {
    if (!path_.missing().empty())
      GTEST_SKIP() << "NOT TESTED against real routers: lacks " << path_.missing();
  }
  Facts traced(const std::string& to) {
    Facts seen;
    path_.in(RoutedPath::client, [&] {
      World world;
      Traced result;
      trace(world, *Endpoint::parse(to), seconds(4), result);
      accepted_ = result.connection != nullptr;
      failure_ = result.observation.failure;
      seen = facts(result);
      result.connection.reset();
    });
    return seen;
  }
  RoutedPath path_;
  bool accepted_ = false;
  std::optional<Failure> failure_;
};

TEST_F(RealPath, NamesTheRoutersUpToAnOpenPort) {
  const int listener = path_.listen(4000);
  const Facts v4 = traced("10.99.3.2:4000");
  EXPECT_TRUE(accepted_);
  EXPECT_EQ(hops(v4), (Hops{"10.99.1.2", "10.99.2.2"}));
  EXPECT_EQ(last_hop(v4), 2);
  EXPECT_TRUE(v4.get_or(key::path_reached, false));
  const Facts v6 = traced("[fd99:3::2]:4000");
  EXPECT_TRUE(accepted_);
  EXPECT_EQ(hops(v6), (Hops{"fd99:1::2", "fd99:2::2"}));
  pollfd waiting{listener, POLLIN, 0};
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(poll(&waiting, 1, 5000), 1);
    close(accept(listener, nullptr, nullptr));
  }
  EXPECT_EQ(poll(&waiting, 1, 100), 0) << "one connection of each trace";
  close(listener);
}

TEST_F(RealPath, AClosedPortIsReached) {
  const Facts seen = traced("10.99.3.2:4001");
  EXPECT_FALSE(accepted_ || failure_);
  EXPECT_EQ(hops(seen), (Hops{"10.99.1.2", "10.99.2.2"}));
  EXPECT_TRUE(seen.get_or(key::path_reached, false));
}

TEST_F(RealPath, ShowsBehindWhichRouterItGoesSilent) {
  ASSERT_TRUE(path_.shell(RoutedPath::far, "ip route add blackhole 10.99.3.2/32"));
  const Facts seen = traced("10.99.3.2:4000");
  // A router looks up the way before it counts the hop: the far one drops also what would end there.
  EXPECT_EQ(hops(seen), (Hops{"10.99.1.2", "*", "*", "*", "*", "*"}));
  EXPECT_EQ(last_hop(seen), 1);
  EXPECT_FALSE(seen.get_or(key::path_reached, true));
}

TEST_F(RealPath, ASilentTargetIsSilentBehindTheLastRouter) {
  ASSERT_TRUE(path_.shell(RoutedPath::target,
                          "nft add table inet t; nft add chain inet t i "
                          "'{ type filter hook input priority 0; }'; "
                          "nft add rule inet t i tcp dport 4000 drop"));
  const Facts seen = traced("10.99.3.2:4000");
  EXPECT_EQ(hops(seen), (Hops{"10.99.1.2", "10.99.2.2", "*", "*", "*", "*"}));
  EXPECT_EQ(last_hop(seen), 2);
}

TEST_F(RealPath, ARouterThatSaysNothingIsPassedBy) {
  ASSERT_TRUE(path_.shell(RoutedPath::near,
                          "nft add table ip t; nft add chain ip t o "
                          "'{ type filter hook output priority 0; }'; "
                          "nft add rule ip t o icmp type time-exceeded drop"));
  const Facts seen = traced("10.99.3.2:4001");
  EXPECT_EQ(hops(seen), (Hops{"*", "10.99.2.2"}));
  EXPECT_EQ(last_hop(seen), 2);
  EXPECT_TRUE(seen.get_or(key::path_reached, false));
}

TEST_F(RealPath, ADeviceThatBarsSaysSoAndEndsIt) {
  ASSERT_TRUE(
      path_.shell(RoutedPath::far,
                  "nft add table ip t; nft add chain ip t f "
                  "'{ type filter hook forward priority 0; }'; "
                  "nft add rule ip t f tcp dport 4000 reject with icmp type admin-prohibited"));
  const Facts seen = traced("10.99.3.2:4000");
  EXPECT_EQ(hops(seen).back(), "10.99.2.2");
  EXPECT_FALSE(seen.get_or(key::path_reached, true));
  EXPECT_EQ(seen.get_or(key::tcp_icmp_code, std::int64_t{0}), 13);
  EXPECT_EQ(seen.get_or(key::tcp_icmp_from, std::string()), "10.99.2.2");
}

TEST_F(RealPath, WithoutARouteNothingIsSaidOfThePath) {
  const Facts seen = traced("[2001:db8::1]:4000");
  EXPECT_EQ(hops(seen).size(), 1u) << "the near router has no way there and says so";
  ASSERT_TRUE(path_.shell(RoutedPath::client, "ip -6 route del default"));
  traced("[2001:db8::1]:4000");
  EXPECT_EQ(failure_, Failure::net_unreachable);
}

}  // namespace
}  // namespace plumb::net
