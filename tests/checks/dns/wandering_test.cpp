#include "checks/dns/wandering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/dns/no_answer.hpp"
#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::Pair;

constexpr auto kRegional = "vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com";
constexpr auto kZonal = "vpce-0a-b-us-east-1a.vpce-svc-0c.us-east-1.vpce.amazonaws.com";

CaseBuilder silent_at(const std::string& address) {
  CaseBuilder builder("h");
  builder.profile("aws-vpce").resolved({address}).timed_out(address + ":4000");
  return builder;
}

TEST(StaleRecord, TheCloudsResolverGivesOtherAddresses) {
  CaseBuilder builder = silent_at("10.9.0.1");
  const int plain = match_stale_record(builder.build()).rank;
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {"10.1.1.1"});
  const Verdict verdict = match_stale_record(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_LT(verdict.rank, plain);
  EXPECT_EQ(verdict.evidence.front(), 3) << "the silent connect: it competes with what silences";
  EXPECT_THAT(verdict.bindings, Contains(Pair("stale", "10.9.0.1")));

  CaseBuilder same = silent_at("10.9.0.1");
  same.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {"10.9.0.1"});
  EXPECT_EQ(match_stale_record(same.build()).confidence, Confidence::possible);
}

TEST(StaleRecord, AnAddressOutsideTheVpcIsMoreSuspicious) {
  CaseBuilder outside("h");
  outside.profile("aws-vpce").here("aws", "us-east-1", {"10.1.0.0/16"});
  outside.resolved({"10.9.0.1"}).timed_out("10.9.0.1:4000");
  CaseBuilder inside("h");
  inside.profile("aws-vpce").here("aws", "us-east-1", {"10.9.0.0/16"});
  inside.resolved({"10.9.0.1"}).timed_out("10.9.0.1:4000");
  EXPECT_LT(match_stale_record(outside.build()).rank, match_stale_record(inside.build()).rank);
  EXPECT_EQ(match_stale_record(outside.build()).confidence, Confidence::possible);
}

TEST(StaleRecord, NotWhereSomethingAnswersNorFromTheHostsFile) {
  CaseBuilder works("h");
  EXPECT_FALSE(match_stale_record(
                   works.profile("aws-vpce").resolved({"10.0.0.1"}).works("10.0.0.1:1").build())
                   .matched);
  CaseBuilder refused("h");
  refused.profile("aws-vpce").resolved({"10.0.0.1"}).refused("10.0.0.1:1");
  EXPECT_FALSE(match_stale_record(refused.build()).matched);
  CaseBuilder hosts("h");
  hosts.profile("aws-vpce").asked("10.0.0.2:53", {"10.1.1.1"}).view({"10.9.0.1"}, {}, "hosts");
  EXPECT_FALSE(match_stale_record(hosts.timed_out("10.9.0.1:4000").build()).matched);
  const Case gone = CaseBuilder("h")
                        .profile("aws-vpce")
                        .resolved({"10.9.0.1"})
                        .connect("10.9.0.1:4000", Failure::host_unreachable)
                        .build();
  EXPECT_TRUE(match_stale_record(gone).matched);
}

TEST(ZoneNameDown, TheRegionalNameWorks) {
  CaseBuilder builder(kZonal);
  builder.profile("aws-vpce").unresolved(Failure::nxdomain);
  builder.followup_asked(experiment::kRegionalName, "10.0.0.2:53", {"10.1.2.1"}, {}, kRegional)
      .followup_works(experiment::kRegionalName, "10.1.2.1:3306");
  const Verdict verdict = match_zone_name_down(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::certain);

  CaseBuilder silent(kZonal);
  silent.profile("aws-vpce").resolved({"10.1.1.1"}).timed_out("10.1.1.1:3306");
  EXPECT_FALSE(match_zone_name_down(silent.build()).matched) << "nobody tried the regional name";
  silent.followup_asked(experiment::kRegionalName, "10.0.0.2:53", {"10.1.2.1"}, {}, kRegional)
      .followup_works(experiment::kRegionalName, "10.1.2.1:3306");
  EXPECT_EQ(match_zone_name_down(silent.build()).confidence, Confidence::likely);
}

TEST(ZoneNameDown, NotWhereTheWholeEndpointIsDownOrTheNameIsNoZones) {
  CaseBuilder all(kZonal);
  all.profile("aws-vpce").resolved({"10.1.1.1"}).timed_out("10.1.1.1:3306");
  all.followup_asked(experiment::kRegionalName, "10.0.0.2:53", {"10.1.2.1"}, {}, kRegional)
      .followup(experiment::kRegionalName, "10.1.2.1:3306", Failure::timed_out);
  EXPECT_FALSE(match_zone_name_down(all.build()).matched);
  CaseBuilder regional(kRegional);
  regional.profile("aws-vpce").unresolved(Failure::nxdomain);
  EXPECT_FALSE(match_zone_name_down(regional.build()).matched);
}

TEST(Throttled, AResolverThatAnswersNowAndThen) {
  CaseBuilder builder("h");
  builder.asked("10.0.0.2:53", {"10.0.0.1"}).asked("10.0.0.2:53", {}, Failure::timed_out, "AAAA");
  builder.view({"10.0.0.1"}).works("10.0.0.1:1");
  const Verdict verdict = match_throttled(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(match_resolver_timeout(builder.build()).confidence, Confidence::likely);

  CaseBuilder down("h");
  down.asked("10.0.0.2:53", {"10.0.0.1"}).asked("10.0.0.3:53", {}, Failure::timed_out);
  down.view({"10.0.0.1"});
  EXPECT_FALSE(match_throttled(down.build()).matched);
}

}  // namespace
}  // namespace plumb::dns
