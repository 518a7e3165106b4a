#include "probe/engine/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

using test::listening;
using test::run_scripted;
using test::talks;

Endpoint at(const char* text) { return *Endpoint::parse(text); }

std::vector<Phase> phases(const Case& one) {
  std::vector<Phase> list;
  for (const Observation& seen : one.evidence.observations) list.push_back(seen.phase);
  return list;
}

TEST(Runner, ALiteralTargetHasNothingToResolve) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  Memory memory;
  const auto cases = run_scripted("10.0.0.1:4000", world, {}, memory);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(phases(cases[0]), (std::vector<Phase>{Phase::connect, Phase::greeting, Phase::login}));
  EXPECT_EQ(cases[0].evidence.observations[2].after, 2);
  EXPECT_EQ(cases[0].evidence.observations[2].endpoint, "10.0.0.1:4000");
}

TEST(Runner, LooksAtItselfOnlyWhenSomethingFailed) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  Memory memory;
  const auto cases = run_scripted("10.0.0.1:4000", world, {}, memory);
  EXPECT_EQ(phases(cases[0]), (std::vector<Phase>{Phase::connect, Phase::local}));
}

TEST(Runner, ThePortThatGreetsIsTheTargets) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")].failure = Failure::refused;
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  Memory memory;
  const auto cases = run_scripted("10.0.0.1", world, {}, memory);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].target.port, 3306);
}

TEST(Runner, TwoPortsThatGreetAreTwoTargetsAndNoneIsOne) {
  net::ScriptedWorld world;
  world.endpoints[at("10.0.0.1:4000")] = listening("ok");
  world.endpoints[at("10.0.0.1:3306")] = listening("ok");
  Memory memory;
  EXPECT_EQ(run_scripted("10.0.0.1", world, {}, memory).size(), 2U);

  world.endpoints.clear();
  const auto none = run_scripted("10.0.0.1", world, {}, memory);
  ASSERT_EQ(none.size(), 1U);
  EXPECT_FALSE(none[0].target.port);
  EXPECT_EQ(phases(none[0]), (std::vector<Phase>{Phase::connect, Phase::connect, Phase::local}))
      << "both in evidence";
}

TEST(Runner, ARefusedPasswordGoesToOneAddressAndRestsAfterwards) {
  net::ScriptedWorld world;
  for (const char* text : {"10.0.0.1:4000", "10.0.0.2:4000", "10.0.0.3:4000"})
    world.endpoints[at(text)] = listening("no");
  world.hosts = "10.0.0.1 db\n10.0.0.2 db\n10.0.0.3 db\n";
  Memory memory;
  talks().clear();
  run_scripted("db:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 1);
  EXPECT_EQ(talks().size(), 3U);

  talks().clear();
  const auto again = run_scripted("db:4000", world, test::with_account("app"), memory);
  EXPECT_EQ(std::count(talks().begin(), talks().end(), "account"), 0);
  const Observation& last = again[0].evidence.observations.back();
  EXPECT_EQ(last.phase, Phase::local) << "it still counts as failed";
  const Observation& recalled =
      again[0].evidence.observations[again[0].evidence.observations.size() - 2];
  EXPECT_EQ(recalled.failure, Failure::mysql_error);
  EXPECT_TRUE(recalled.facts.has(key::client_last_login_age));
}

}  // namespace
}  // namespace plumb::engine
