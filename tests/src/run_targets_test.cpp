#include "src/run_targets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "probe/net/scripted_network.hpp"

namespace plumb {
namespace {

std::vector<std::string> ran(std::size_t count) {
  asio::io_context io{1};
  net::ScriptedWorld world;
  world.locality.addresses = {Address::v4({10, 0, 0, 5})};
  world.locality.default_route_v4 = world.locality.any_route = true;
  net::ScriptedEndpoint refused;
  refused.failure = Failure::refused;
  world.endpoints[*Endpoint::parse("10.0.1.10:1")] = refused;
  net::ScriptedNetwork network(io.get_executor(), world);
  std::vector<Target> targets;
  for (std::size_t port = 1; port <= count; ++port)
    targets.push_back(*parse_target("10.0.1.10:" + std::to_string(port)).target);
  engine::Memory memory;
  const auto settings = std::make_shared<engine::Settings>();
  settings->timeout = std::chrono::milliseconds(200);
  std::vector<std::string> seen(count);
  run_targets(io, network, all_of(targets, settings), Room{8}, memory,
              [&seen](const Report& report, std::size_t index) {
                seen[index] = report.about.target.to_string() + " " +
                              std::string(to_string(report.diagnosis.outcome));
              });
  return seen;
}

TEST(RunTargets, WhoeverTakesTheReportsMayThrowAndNobodyIsLeftBehind) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), net::ScriptedWorld{});
  std::vector<Target> targets;
  for (const char* text : {"10.0.1.1:1", "10.0.1.2:1", "10.0.1.3:1"})
    targets.push_back(*parse_target(text).target);
  engine::Memory memory;
  const auto full = [](const Report&, std::size_t) { throw std::runtime_error("disk full"); };
  EXPECT_THROW(run_targets(io, network, all_of(targets, std::make_shared<engine::Settings>()),
                           Room{8}, memory, full),
               std::runtime_error);
  io.restart();
  EXPECT_EQ(io.poll(), 0U) << "a worker still runs, over a batch that is gone";
}

// Here nobody has to wait, as on a host that is busy all the time.
TEST(RunTargets, WhoIsUnderWayComesBeforeThoseWhoHaveNotBegun) {
  asio::io_context io{1};
  net::ScriptedNetwork network(io.get_executor(), net::ScriptedWorld{});
  std::vector<Target> targets;
  for (int number = 0; number < 250; ++number)
    targets.push_back(*parse_target("10.0.1." + std::to_string(number) + ":1").target);
  engine::Memory memory;
  std::size_t begun = 0, ended = 0, most = 0;
  const auto all = all_of(targets, std::make_shared<engine::Settings>());
  const NextOrder counted = [&] {
    std::optional<Order> order = all();
    if (order) most = std::max(most, ++begun - ended);
    return order;
  };
  run_targets(io, network, counted, Room{200}, memory,
              [&ended](const Report&, std::size_t) { ++ended; });
  EXPECT_EQ(ended, targets.size());
  EXPECT_LE(most, 128U);
}

TEST(RunTargets, NoTargetIsNoReport) { EXPECT_TRUE(ran(0).empty()); }

TEST(RunTargets, MoreThanFitAtOnceAllHaveTheirTurn) {
  const auto seen = ran(30);
  for (std::size_t i = 0; i < seen.size(); ++i)
    EXPECT_EQ(seen[i], "10.0.1.10:" + std::to_string(i + 1) + " failed");
}

}  // namespace
}  // namespace plumb
