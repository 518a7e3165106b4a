#include "checks/tcp/silent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;

constexpr Verdict (*kAll[])(const Case&) = {
    match_endpoint_sg,   match_default_sg, match_pending_acceptance, match_wrong_port,
    match_client_egress, match_nacl,       match_target_sg,          match_stale_target};

TEST(SilentSyn, AllCandidatesMatchInTheCataloguesOrderAndNoneIsCertain) {
  const Case about =
      CaseBuilder("h:4000").timed_out("10.0.0.1:4000").timed_out("10.0.1.1:4000").build();
  int rank = 0;
  for (const auto match : kAll) {
    const Verdict verdict = match(about);
    ASSERT_TRUE(verdict.matched);
    EXPECT_NE(verdict.confidence, Confidence::certain);
    EXPECT_GT(verdict.rank, rank);
    EXPECT_THAT(verdict.evidence, ElementsAre(1, 2));
    rank = verdict.rank;
  }
}

TEST(SilentSyn, NoneMatchesWhereSomethingAnswered) {
  const Case refused = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  const Case mixed = CaseBuilder("h:1").timed_out("10.0.0.1:1").connect("10.0.0.2:1").build();
  const Case loopback = CaseBuilder("h:1").timed_out("127.0.0.1:1").build();
  const Case nothing = CaseBuilder("h:1").unresolved(Failure::nxdomain).build();
  for (const auto match : kAll)
    for (const Case* about : {&refused, &mixed, &loopback, &nothing}) {
      EXPECT_FALSE(match(*about).matched);
      EXPECT_FALSE(match(*about).because.empty());
    }
}

TEST(SilentSyn, APublicAddressPutsTheEndpointBehind) {
  const Case about = CaseBuilder("h:4000").timed_out("192.0.2.1:4000").build();
  EXPECT_GT(match_endpoint_sg(about).rank, match_stale_target(about).rank);
  EXPECT_LT(match_wrong_port(about).rank, match_client_egress(about).rank);
  const Case direct =
      CaseBuilder("h:3306").profile("rds-direct").timed_out("10.0.0.1:3306").build();
  EXPECT_GT(match_pending_acceptance(direct).rank, match_stale_target(direct).rank);
}

TEST(SilentSyn, AnUncustomaryPortComesFirst) {
  const Case about =
      CaseBuilder("h:3306").profile("tidb-dedicated-private").timed_out("10.0.0.1:3306").build();
  const Verdict verdict = match_wrong_port(about);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_LT(verdict.rank, match_endpoint_sg(about).rank);
  EXPECT_THAT(verdict.bindings, testing::Contains(testing::Pair("other_port", "4000")));
}

TEST(SilentSyn, ThePortToTryIsNeverTheOneThatWasSilent) {
  const auto other = [](const std::string& port, const std::string& profile) {
    const Case about = CaseBuilder("h:" + port).profile(profile).timed_out("10.0.0.1:1").build();
    const Verdict verdict = match_wrong_port(about);
    const auto found =
        std::ranges::find(verdict.bindings, "other_port", &Bindings::value_type::first);
    return found == verdict.bindings.end() ? "" : found->second;
  };
  EXPECT_EQ(other("4000", "tidb-dedicated-private"), "3306");
  EXPECT_EQ(other("3306", "rds-direct"), "4000");
  EXPECT_EQ(other("5000", "rds-direct"), "3306");
  EXPECT_EQ(other("3306", "mysql"), "4000");
}

TEST(SilentSyn, ManyAddressesAreCountedNotListed) {
  CaseBuilder builder("h:1");
  for (int i = 1; i < 7; ++i) builder.timed_out("10.0.0." + std::to_string(i) + ":1");
  EXPECT_THAT(match_nacl(builder.build()).bindings,
              testing::Contains(testing::Pair("silent", "any of the 6 addresses")));
}

}  // namespace
}  // namespace plumb::tcp
