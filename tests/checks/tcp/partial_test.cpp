#include "checks/tcp/partial.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

TEST(Partial, AMixedResultIsPartialWithTheFailingAddressFirst) {
  const Case about = CaseBuilder("h:1").connect("10.0.0.1:1").timed_out("10.0.1.1:1").build();
  const Verdict partial = match_partial(about);
  ASSERT_TRUE(partial.matched);
  EXPECT_EQ(partial.severity, Severity::warning);
  EXPECT_THAT(partial.evidence, ElementsAre(2, 1));
  EXPECT_THAT(partial.bindings, Contains(Pair("failing", "10.0.1.1:1 (timed out)")));
  const Case all_fail = CaseBuilder("h:1").refused("10.0.0.1:1").timed_out("10.0.1.1:1").build();
  EXPECT_FALSE(match_partial(all_fail).matched);
  const Case all_work = CaseBuilder("h:1").connect("10.0.0.1:1").connect("10.0.1.1:1").build();
  EXPECT_FALSE(match_partial(all_work).matched);
  const Case no_v6 = CaseBuilder("h:1")
                         .connect("10.0.0.1:1")
                         .connect("[2001:db8::1]:1", Failure::net_unreachable)
                         .build();
  EXPECT_FALSE(match_partial(no_v6).matched) << "every client skips a family without route";
}

TEST(Partial, TheZonalNamesTellTheZone) {
  CaseBuilder builder("vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com:3306");
  builder.connect("10.0.0.1:3306").timed_out("10.0.1.1:3306");
  const std::string rest = ".vpce-svc-0c.us-east-1.vpce.amazonaws.com";
  builder.followup_asked(experiment::kZonalName, "10.0.0.2:53", {"10.0.0.1"}, {},
                         "vpce-0a-b-us-east-1a" + rest);
  builder.followup_asked(experiment::kZonalName, "10.0.0.2:53", {"10.0.1.1"}, {},
                         "vpce-0a-b-us-east-1b" + rest);
  const Verdict partial = match_partial(builder.build());
  EXPECT_THAT(partial.evidence, ElementsAre(2, 1, 4));
  EXPECT_THAT(partial.bindings,
              Contains(Pair("failing", "10.0.1.1:3306 (timed out) in zone us-east-1b")));
}

TEST(Partial, CandidatesAreWarningsAnchoredAtTheSameAddress) {
  const Case about = CaseBuilder("h:1").connect("10.0.0.1:1").timed_out("10.0.1.1:1").build();
  for (const auto match : {match_no_target_in_zone, partial_by_nacl}) {
    const Verdict verdict = match(about);
    ASSERT_TRUE(verdict.matched);
    EXPECT_EQ(verdict.confidence, Confidence::possible);
    EXPECT_EQ(verdict.severity, Severity::warning);
    EXPECT_EQ(verdict.evidence.front(), 2);
  }
  EXPECT_TRUE(partial_candidate(CaseBuilder("h:1")
                                    .here("alibaba_cloud")
                                    .connect("10.0.0.1:1")
                                    .timed_out("10.0.1.1:1")
                                    .build(),
                                Cloud::alibaba, 1, true)
                  .matched);
  EXPECT_FALSE(partial_candidate(about, Cloud::alibaba, 1, true).matched);
}

TEST(Partial, AnAddressThatAnswersNowAndThenIsNoZonesFault) {
  CaseBuilder builder("h:1");
  builder.connect("10.0.0.1:1").timed_out("10.0.1.1:1");
  EXPECT_FALSE(partial_that_comes_and_goes(builder.build(), 5).matched);
  builder.followup_works(experiment::kRepeat, "10.0.1.1:1");
  const Verdict verdict = partial_that_comes_and_goes(builder.build(), 5);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_LT(verdict.rank, match_no_target_in_zone(builder.build()).rank);

  CaseBuilder lucky("h:1");  // the first attempt was the one that worked
  lucky.connect("10.0.0.1:1").timed_out("10.0.1.1:1");
  lucky.followup(experiment::kRepeat, "10.0.0.1:1", Failure::timed_out);
  EXPECT_TRUE(partial_that_comes_and_goes(lucky.build(), 5).matched);

  CaseBuilder hesitant("h:1");
  hesitant.connect("10.0.0.1:1").fact(key::tcp_syn_retransmits, std::int64_t{1});
  hesitant.timed_out("10.0.1.1:1");
  EXPECT_TRUE(partial_that_comes_and_goes(hesitant.build(), 5).matched);

  CaseBuilder traced("h:1");
  traced.connect("10.0.0.1:1").timed_out("10.0.1.1:1");
  traced.followup(experiment::kPathTrace, "10.0.1.1:1").fact(key::path_reached, true);
  EXPECT_TRUE(partial_that_comes_and_goes(traced.build(), 5).matched);
}

TEST(Partial, ARefusalIsNoNetworkAclAndALoadBalancersOnlyWhereOneIsKnown) {
  const Case refused = CaseBuilder("h:1").connect("10.0.0.1:1").refused("10.0.1.1:1").build();
  EXPECT_FALSE(partial_by_nacl(refused).matched);
  EXPECT_EQ(match_no_target_in_zone(refused).severity, Severity::info);
  CaseBuilder behind("h:1");
  behind.profile("aws-vpce").connect("10.0.0.1:1").refused("10.0.1.1:1");
  EXPECT_EQ(match_no_target_in_zone(behind.build()).severity, Severity::warning);
  const Case denied = CaseBuilder("h:1")
                          .connect("10.0.0.1:1")
                          .connect("10.0.1.1:1", Failure::permission_denied)
                          .build();
  EXPECT_FALSE(match_no_target_in_zone(denied).matched);
}

}  // namespace
}  // namespace plumb::tcp
