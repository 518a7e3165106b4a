#include "src/host_prober.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <set>

namespace plumb {
namespace {

using namespace std::chrono_literals;
using net::Clock;

TEST(HostProber, ProbesOverRealSockets) {
  const engine::Settings settings;
  HostProber prober(settings);
  engine::Memory memory;
  std::vector<Report> reports;
  const std::vector<Target> targets{*parse_target("127.0.0.88:1").target};
  const auto orders = [&](std::size_t, std::size_t) {
    return all_of(targets, std::make_shared<engine::Settings>(settings));
  };
  prober.probe(orders, memory,
               [&](const Report& report, std::size_t) { reports.push_back(report); });
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].diagnosis.cause(), "tcp-refused-no-listener");
  EXPECT_FALSE(prober.interrupted());
}

TEST(HostProber, ShardsShareTheListAndTheGuardsOfAnAddress) {
  engine::Settings settings;
  settings.timeout = 5s;
  settings.concurrency = 64;
  HostProber prober(settings, 3);
  engine::Memory memory;
  std::vector<Target> targets;
  for (int i = 0; i < 90; ++i)
    targets.push_back(*parse_target("127.0.0." + std::to_string(90 + i % 3) + ":1").target);
  const auto shared = std::make_shared<engine::Settings>(settings);
  const auto orders = [&](std::size_t shard, std::size_t shards) -> NextOrder {
    return [&, shard, shards, at = shard]() mutable {
      std::optional<Order> order;
      if (at < targets.size()) order.emplace(at, targets[at], shared);
      at += shards;
      return order;
    };
  };
  std::set<std::size_t> seen;
  prober.probe(orders, memory, [&](const Report& report, std::size_t index) {
    EXPECT_EQ(report.diagnosis.cause(), "tcp-refused-no-listener");
    seen.insert(index);
  });
  EXPECT_EQ(seen.size(), targets.size());
}

TEST(HostProber, SleepsUntilTheTimeOrASignal) {
  HostProber prober(engine::Settings{});
  const auto began = Clock::now();
  prober.sleep_until(began + 20ms);
  EXPECT_GE(Clock::now() - began, 20ms);
  EXPECT_FALSE(prober.interrupted());

  std::raise(SIGTERM);
  prober.sleep_until(Clock::now() + 60s);
  EXPECT_TRUE(prober.interrupted());
  EXPECT_LT(Clock::now() - began, 30s);
}

}  // namespace
}  // namespace plumb
