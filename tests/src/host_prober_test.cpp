#include "src/host_prober.hpp"

#include <gtest/gtest.h>

#include <csignal>

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
  prober.probe(all_of(targets, std::make_shared<engine::Settings>(settings)), memory,
               [&](const Report& report, std::size_t) { reports.push_back(report); });
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].diagnosis.cause(), "tcp-refused-no-listener");
  EXPECT_FALSE(prober.interrupted());
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
