// Harm done and avoided on one address, attempt after attempt in one process.
#include "probe/engine/route.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

using test::run_scripted;
using test::talks;

net::ScriptedWorld world_of(const net::ScriptedEndpoint& endpoint) {
  net::ScriptedWorld world;
  world.endpoints[*Endpoint::parse("10.0.0.1:4000")] = endpoint;
  return world;
}

std::string budget(const Case& one) {
  for (const Observation& seen : one.evidence.observations)
    if (const auto* why = seen.facts.get(key::client_harm_budget)) return *why;
  return {};
}

TEST(Route, AServerThatNeverGreetsIsSparedAfterThreeDrops) {
  net::ScriptedEndpoint silent;
  silent.peer = [] {
    net::Line nothing;
    nothing.failure = Failure::timed_out;
    return std::make_unique<net::RecitingPeer>(std::vector<net::Line>{nothing});
  };
  Memory memory;
  talks().clear();
  std::vector<Case> last;
  for (int i = 0; i < 6; ++i) last = run_scripted("10.0.0.1:4000", world_of(silent), {}, memory);
  EXPECT_EQ(talks().size(), 3U);
  EXPECT_EQ(budget(last[0]), "dropped");
}

TEST(Route, DelayedLoginsPauseAndTheLastOneStands) {
  Memory memory;
  talks().clear();
  const auto world = world_of(test::listening("late"));
  run_scripted("10.0.0.1:4000", world, {}, memory);
  run_scripted("10.0.0.1:4000", world, {}, memory);
  EXPECT_EQ(talks().size(), 2U);
  const auto spared = run_scripted("10.0.0.1:4000", world, {}, memory);
  EXPECT_EQ(talks().size(), 2U) << "nothing was sent";
  EXPECT_EQ(budget(spared[0]), "login-delayed");
  const Observation& login = spared[0].evidence.observations.back();
  EXPECT_EQ(login.phase, Phase::login) << "the verdict is the last finished login";
  EXPECT_FALSE(login.failure);
}

TEST(Route, AnAccountIsNotPaused) {
  Memory memory;
  const auto world = world_of(test::listening("late"));
  for (int i = 0; i < 2; ++i) run_scripted("10.0.0.1:4000", world, {}, memory);
  talks().clear();
  run_scripted("10.0.0.1:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(talks(), (std::vector<std::string>{"account"}));
}

TEST(Route, StandsStillOnlyOnceItsPatienceIsOver) {
  using std::chrono::hours;
  Route route;
  EXPECT_FALSE(route.progress(Micros(0)).stuck) << "not begun";
  route.enter(Route::Step::connecting);
  EXPECT_FALSE(route.progress(hours(1)).stuck);
  EXPECT_TRUE(route.progress(Micros(0)).stuck);
  route.moved -= hours(3);
  EXPECT_TRUE(route.progress(hours(2)).stuck);
  route.step = Route::Step::conversing;
  EXPECT_FALSE(route.progress(hours(2)).stuck) << "a conversation has twice the time";
  route.steps_seen = 1;
  route.look();
  EXPECT_FALSE(route.progress(hours(1)).stuck) << "it has come on";
  route.enter(Route::Step::ended);
  EXPECT_FALSE(route.progress(Micros(0)).stuck);
}

}  // namespace
}  // namespace plumb::engine
