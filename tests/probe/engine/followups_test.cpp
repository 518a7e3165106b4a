// The follow-ups as they come out of whole runs over scripted worlds.
#include "probe/engine/followups.hpp"

#include <gtest/gtest.h>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

using test::listening;
using test::run_scripted;

Endpoint at(const char* text) { return *Endpoint::parse(text); }

Case run_once(const char* target, const net::ScriptedWorld& world, const Settings& settings = {}) {
  Memory memory;
  return run_scripted(target, world, settings, memory).at(0);
}

TEST(Followups, NoneOnTheHealthyPath) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  const Case one = run_once("10.0.0.1:4000", world);
  EXPECT_EQ(experiment::first_pass(one.evidence).size(), one.evidence.observations.size());
  for (const Observation& seen : one.evidence.observations)
    EXPECT_FALSE(seen.facts.has(key::local_metadata)) << "nobody asked where we are";
}

TEST(Followups, ASecondPortThatGreetsGetsTheWholeExchange) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  const Case one = run_once("10.0.0.1:4000", world);
  const auto ports = experiment::paths(one, experiment::kSecondPort);
  ASSERT_EQ(ports.size(), 2U);
  EXPECT_TRUE(ports[0].answered()) << "3306";
  EXPECT_FALSE(ports[1].connected()) << "443";
  EXPECT_EQ(one.evidence.find(ports[0].connect_n)->after, 1) << "what prompted it";
}

TEST(Followups, TheSourcePortThatGetsThroughIsNamed) {
  net::ScriptedWorld world;
  auto& server = world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  server.from_port_low = 61000;
  server.from_port_high = 65535;
  const Case one = run_once("10.0.0.1:4000", world);
  std::vector<std::int64_t> through;
  for (const auto& path : experiment::paths(one, experiment::kSourcePort))
    if (path.answered())
      through.push_back(path.connect->facts.get_or(key::path_source_port, std::int64_t{0}));
  ASSERT_EQ(through.size(), 1U);
  EXPECT_GE(through[0], 61500);
}

TEST(Followups, WhereWeAreIsAskedOncePerProcess) {
  net::ScriptedWorld world;
  world.metadata.set(key::cloud_provider, std::string("aws"));
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  Memory memory;
  for (int i = 0; i < 2; ++i) {
    const Case one = run_scripted("10.0.0.1:4000", world, {}, memory).at(0);
    EXPECT_TRUE(std::any_of(one.evidence.observations.begin(), one.evidence.observations.end(),
                            [](const Observation& seen) {
                              return seen.facts.get_or(key::cloud_provider, std::string()) == "aws";
                            }));
    world.metadata = {};
  }
}

TEST(Followups, AnAccountIsNeverUsedInOne) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("hangs up");
  test::talks().clear();
  Memory memory;
  run_scripted("10.0.0.1:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(std::count(test::talks().begin(), test::talks().end(), "account"), 1);
  EXPECT_GT(test::talks().size(), 1U);
}

// A run whose name gives 10.0.0.1, which accepts the account, and that has 10.0.0.9 pinned.
void with_pinned(const std::string& says_there, Memory& memory) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  world.endpoints[at("10.0.0.9:4000")] = listening(says_there);
  engine::Settings settings = test::with_account("app");
  settings.pinned_target = at("10.0.0.9:1").address;
  test::talks().clear();
  run_scripted("10.0.0.1:4000", world, settings, memory);
}

TEST(Followups, ThePinnedTargetIsAskedAsTheAccountOverAProvenChannelOnly) {
  Memory memory;
  with_pinned("ok", memory);
  auto talks = test::talks();
  std::ranges::sort(talks);
  EXPECT_EQ(talks, (std::vector<std::string>{"account", "account who", "account who verify-ca"}));
}

TEST(Followups, APasswordThatThePinnedTargetRefusesRests) {
  Memory memory;
  with_pinned("no", memory);
  ASSERT_TRUE(memory.refusal("app").has_value());
  EXPECT_EQ(memory.refusal("app")->at, "10.0.0.9:4000");
  EXPECT_FALSE(memory.may_try("app", net::Clock::now(), std::chrono::hours(1)));
}

// Somebody else begins his follow-ups, for a while.
class Crowded : public net::ScriptedNetwork {
 public:
  using ScriptedNetwork::ScriptedNetwork;
  net::awaitable<net::Places::Place> room(Room of, net::Deadline limit) override {
    if (of != Room::followups) return ScriptedNetwork::room(of, limit);
    ++asked;
    return places_.take(executor(), limit);
  }
  net::awaitable<void> crowd(std::chrono::milliseconds lasting) {
    const net::Places::Place taken = co_await places_.take(executor());
    net::Event over(executor());
    co_await over.wait(net::Clock::now() + lasting);
    ended = net::Clock::now();
  }
  int asked = 0;
  net::Deadline ended;

 private:
  net::Places places_{1};
};

TEST(Followups, BeginWhenThereIsRoomForThem) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  asio::io_context io{1};
  Crowded network(io.get_executor(), world);
  asio::co_spawn(io, network.crowd(std::chrono::milliseconds(100)), asio::detached);
  const auto began = net::Clock::now();
  Memory memory;
  const Case one = test::run_over(io, network, "10.0.0.1:4000", {}, memory).at(0);
  EXPECT_EQ(network.asked, 1);
  EXPECT_EQ(experiment::paths(one, experiment::kSecondPort).size(), 2U);
  EXPECT_GE(one.took, std::chrono::duration_cast<Micros>(network.ended - began))
      << "they waited for the other's end";
}

TEST(Followups, AMuteServerIsDroppedThreeTimesAtMost) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")];  // accepts and stays silent
  Memory memory;
  run_scripted("10.0.0.1:4000", world, {}, memory);
  EXPECT_LE(memory.drops(at("10.0.0.1:4000")), Memory::kMaxDrops);
}

}  // namespace
}  // namespace plumb::engine
