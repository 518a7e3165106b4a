#include "probe/engine/experiment_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/scripted_run.hpp"

namespace plumb::engine {
namespace {

Endpoint at(const char* text) { return *Endpoint::parse(text); }

Plan plan_for(const std::string& target, const Settings& settings = {}) {
  return make_plan(*parse_target(target).target, std::make_shared<Settings>(settings),
                   test::fake_talk());
}

Situation in(std::initializer_list<Way> ways) {
  Situation now;
  now.ways = ways;
  now.resolvers = {at("10.0.0.2:53")};
  return now;
}

std::vector<Experiment> named(const std::vector<Experiment>& all, std::string_view name) {
  std::vector<Experiment> found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [&](const Experiment& one) { return one.name == name; });
  return found;
}

TEST(ExperimentPlan, ACleanPassNeedsNone) {
  Situation now = in({{at("10.0.0.1:4000"), Trouble::none}});
  EXPECT_TRUE(now.is_clean());
  EXPECT_TRUE(plan_experiments(plan_for("db:4000"), now).empty());
}

Observation answered(const char* name, const char* type, const char* resolver,
                     std::optional<Failure> failure = {}) {
  Observation seen;
  seen.phase = Phase::resolve;
  seen.resolver = resolver;
  seen.failure = failure;
  seen.facts.set(key::dns_question_name, std::string(name));
  seen.facts.set(key::dns_question_type, std::string(type));
  return seen;
}

TEST(ExperimentPlan, ThePinnedTargetAndTheNamesServerAreAskedAlikeOnceTheAccountIsAccepted) {
  Settings settings = test::with_account("app");
  settings.pinned_target = at("10.0.0.9:1").address;
  Situation now = in({{at("10.0.0.1:4000"), Trouble::none}, {at("10.0.0.2:4000"), Trouble::none}});
  now.pinned_elsewhere = true;
  const auto anonymous =
      named(plan_experiments(plan_for("db:4000", settings), now), experiment::kPinnedTarget);
  ASSERT_EQ(anonymous.size(), 1U);
  EXPECT_EQ(anonymous[0].to, at("10.0.0.9:4000"));
  EXPECT_FALSE(anonymous[0].as_account);
  now.ways[1].took_account = true;
  const auto both =
      named(plan_experiments(plan_for("db:4000", settings), now), experiment::kPinnedTarget);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].to, at("10.0.0.2:4000"));
  EXPECT_EQ(both[1].to, at("10.0.0.9:4000"));
  EXPECT_TRUE(both[0].as_account && both[1].as_account);
  EXPECT_FALSE(both[1].is_of_the_sort_of(anonymous[0]));
  settings.tls = TlsMode::off;
  EXPECT_FALSE(
      named(plan_experiments(plan_for("db:4000", settings), now), experiment::kPinnedTarget)[1]
          .as_account)
      << "no certificate can prove that channel";
}

TEST(ExperimentPlan, TheWayOfASearchListIsNoDoubtAboutTheName) {
  const Profile& profile = *plan_for("db:4000").profile;
  Evidence searched;
  for (const char* type : {"A", "AAAA"})
    searched.add(answered("db.corp.example", type, "10.0.0.2:53", Failure::nxdomain));
  searched.add(answered("db", "A", "10.0.0.2:53"));
  searched.add(answered("db", "AAAA", "10.0.0.2:53", Failure::nodata));
  EXPECT_FALSE(situation_of_names(searched, {}, profile).name_is_in_doubt);
  searched.add(answered("db", "A", "10.0.0.3:53", Failure::nxdomain));
  EXPECT_TRUE(situation_of_names(searched, {}, profile).name_is_in_doubt) << "resolvers disagree";
}

TEST(ExperimentPlan, AnAddressGivenByHandNeedsNoResolver) {
  Settings settings;
  settings.connect_to = at("10.0.0.1:1").address;
  Situation now = in({{at("10.0.0.1:4000"), Trouble::silent}});
  now.metadata.emplace().set(key::cloud_provider, std::string("aws"));
  const auto all = plan_experiments(plan_for("db:4000", settings), now);
  EXPECT_TRUE(named(all, experiment::kCloudResolver).empty());
}

TEST(ExperimentPlan, SilenceIsLookedIntoFromEverySide) {
  const auto all =
      plan_experiments(plan_for("db:4000"), in({{at("10.0.0.1:4000"), Trouble::silent},
                                                {at("10.0.0.2:4000"), Trouble::silent},
                                                {at("10.0.0.3:4000"), Trouble::silent}}));
  const auto ports = named(all, experiment::kSecondPort);
  ASSERT_EQ(ports.size(), 4U) << "two addresses, 3306 and 443";
  EXPECT_EQ(ports[0].to, at("10.0.0.1:3306"));
  EXPECT_EQ(ports[3].to, at("10.0.0.2:443"));
  EXPECT_EQ(named(all, experiment::kControl).at(0).to, at("10.0.0.2:53"));
  EXPECT_EQ(named(all, experiment::kSourcePort).size(), 3U);
  EXPECT_EQ(named(all, experiment::kPathTrace).size(), 1U);
  const auto repeats = named(all, experiment::kRepeat);
  ASSERT_EQ(repeats.size(), 3U);
  EXPECT_EQ(repeats[2].pause, std::chrono::seconds(7)) << "1 + 2 + 4 s of a budget of ten";
}

TEST(ExperimentPlan, SourcePortsMoveFromRunToRunWithinTheirRange) {
  Situation now = in({{at("10.0.0.1:4000"), Trouble::silent}});
  now.shift = 65535;
  const auto ports = named(plan_experiments(plan_for("db:4000"), now), experiment::kSourcePort);
  ASSERT_EQ(ports.size(), 3U);
  EXPECT_NE(ports[0].how.from_port, 2048);
  EXPECT_LT(ports[0].how.from_port, 32768);
  EXPECT_GT(ports[1].how.from_port, 32768);
  EXPECT_LT(ports[1].how.from_port, 61000);
  EXPECT_GT(ports[2].how.from_port, 61000);
}

TEST(ExperimentPlan, PausesScaleWithTheBudget) {
  Settings settings;
  settings.timeout = std::chrono::seconds(5);
  const auto all =
      plan_experiments(plan_for("db:4000", settings), in({{at("10.0.0.1:4000"), Trouble::silent}}));
  EXPECT_EQ(named(all, experiment::kRepeat)[2].pause, std::chrono::milliseconds(3500));
}

TEST(ExperimentPlan, AStallStaysWithinTheDropsOfItsAddress) {
  const auto all = plan_experiments(
      plan_for("db:4000"),
      in({{at("10.0.0.1:4000"), Trouble::stalled}, {at("10.0.0.2:4000"), Trouble::stalled}}));
  ASSERT_EQ(all.size(), 2U) << "with the first pass: three";
  EXPECT_EQ(all[0].name, experiment::kSmallSegments);
  EXPECT_EQ(all[0].how.max_segment, 1200);
  EXPECT_EQ(all[1].tls, Experiment::Tls::off);
  for (const Experiment& one : all) EXPECT_EQ(one.to, at("10.0.0.1:4000"));
}

TEST(ExperimentPlan, SourceAddressesOnlyWhereThereIsAChoice) {
  Situation now = in({{at("10.0.0.1:4000"), Trouble::silent}});
  now.own_addresses = {at("10.0.0.5:1").address, at("[fd00::5]:1").address};
  const auto one = plan_experiments(plan_for("db:4000"), now);
  EXPECT_TRUE(named(one, experiment::kSourceAddress).empty());
  now.own_addresses.push_back(at("10.0.1.5:1").address);
  const auto two = plan_experiments(plan_for("db:4000"), now);
  EXPECT_EQ(named(two, experiment::kSourceAddress).size(), 2U);
  Settings settings;
  settings.source = at("10.0.0.5:1").address;
  const auto told = plan_experiments(plan_for("db:4000", settings), now);
  EXPECT_TRUE(named(told, experiment::kSourceAddress).empty());
  EXPECT_EQ(told.front().how.from, settings.source);
}

TEST(ExperimentPlan, TheCloudsResolversOnceItIsKnownWhereWeAre) {
  Situation now = in({});
  now.name_is_in_doubt = true;
  EXPECT_TRUE(plan_experiments(plan_for("db:4000"), now).empty());
  now.metadata.emplace();
  EXPECT_TRUE(plan_experiments(plan_for("db:4000"), now).empty()) << "in no cloud";
  now.metadata->set(key::cloud_provider, std::string("aws"));
  now.metadata->set(key::local_vpc_cidrs, std::vector<std::string>{"10.1.0.0/16"});
  const auto all = plan_experiments(plan_for("db:4000"), now);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].to, at("169.254.169.253:53"));
  EXPECT_EQ(all[1].to, at("10.1.0.2:53"));
  EXPECT_EQ(all[1].question, "db");
}

TEST(ExperimentPlan, ASilentResolverIsAskedOverTcp) {
  Situation now = in({});
  now.silent_resolvers = now.resolvers;
  const auto all = plan_experiments(plan_for("db:4000"), now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].over_tcp);
}

TEST(ExperimentPlan, NamesOfAnEndpoint) {
  const std::string regional = "vpce-0a1b2c-xyz9.vpce-svc-0d4e.eu-west-1.vpce.amazonaws.com";
  const std::string zonal =
      "vpce-0a1b2c-xyz9-eu-west-1b.vpce-svc-0d4e.eu-west-1.vpce.amazonaws.com";
  const Situation now = in({{at("10.0.0.1:4000"), Trouble::refused}});
  const auto zones =
      named(plan_experiments(plan_for(regional + ":4000"), now), experiment::kZonalName);
  ASSERT_EQ(zones.size(), 6U);
  EXPECT_EQ(zones[1].question, zonal);
  const auto whole =
      named(plan_experiments(plan_for(zonal + ":4000"), now), experiment::kRegionalName);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].question, regional);
}

TEST(ExperimentPlan, NoTwoAreTheSame) {
  Situation now =
      in({{at("10.0.0.1:4000"), Trouble::silent}, {at("10.0.0.2:4000"), Trouble::mute}});
  now.own_addresses = {at("10.0.0.5:1").address, at("10.0.0.6:1").address};
  const std::vector<Experiment> all = plan_experiments(plan_for("db:4000"), now);
  for (auto one = all.begin(); one != all.end(); ++one)
    EXPECT_TRUE(std::none_of(one + 1, all.end(), [&](const Experiment& other) {
      return other.to.address == one->to.address && other.is_of_the_sort_of(*one);
    })) << one->name;
}

}  // namespace
}  // namespace plumb::engine
