#include "checks/dns/host_shape.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/dns/no_answer.hpp"
#include "checks/dns/odd_answer.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::Pair;

TEST(HostShape, TheNearestShapeOfItsDomain) {
  EXPECT_EQ(nearest_shape("gateway1.us-east-1.prod.aws.tidbcloud.com"),
            "gateway01.<region>.prod.aws.tidbcloud.com");
  EXPECT_EQ(nearest_shape("gateway01.privatelink.us-east-1.prod.aws.tidbcloud.com"),
            "gateway01-privatelink.<region>.prod.aws.tidbcloud.com");
  EXPECT_EQ(nearest_shape("privatelink.abcde.clusters.tidb-cloud.com"),
            "privatelink-<number>.<cluster>.clusters.tidb-cloud.com");
  EXPECT_EQ(nearest_shape("db.example.com"), "");
  EXPECT_EQ(nearest_shape(""), "");
}

TEST(HostShape, AMistypedHostIsOneThatDoesNotExistAndHasNoKnownShape) {
  const auto denied = [](const std::string& host) {
    return CaseBuilder(host).unresolved(Failure::nxdomain).build();
  };
  const Case typo = denied("gateway1.us-east-1.prod.aws.tidbcloud.com");
  const Verdict verdict = match_host_typo(typo);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_THAT(verdict.bindings,
              Contains(Pair("shape", "gateway01.<region>.prod.aws.tidbcloud.com")));
  EXPECT_EQ(match_nxdomain(typo).confidence, Confidence::possible);
  EXPECT_FALSE(match_host_typo(denied("gateway01.us-east-1.prod.aws.tidbcloud.com")).matched);
  EXPECT_FALSE(match_host_typo(denied("gateway1.example.com")).matched);
  EXPECT_FALSE(match_host_typo(
                   CaseBuilder("x.us-east-1.prod.aws.tidbcloud.com").resolved({"10.0.0.1"}).build())
                   .matched);
}

TEST(HostShape, AProfileThatTheNameContradictsIsCertain) {
  CaseBuilder builder("gateway01.us-east-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-private-aws").resolved({"52.1.1.1"}).timed_out("52.1.1.1:4000");
  const Verdict verdict = match_wrong_host_type(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_THAT(verdict.bindings, Contains(Pair("is_for", "tidb-starter-public-aws")));
  EXPECT_FALSE(match_public_address(builder.build()).matched);

  CaseBuilder works("gateway01.us-east-1.prod.aws.tidbcloud.com");
  works.profile("tidb-starter-private-aws").resolved({"52.1.1.1"}).works("52.1.1.1:4000");
  EXPECT_EQ(match_wrong_host_type(works.build()).severity, Severity::warning);
}

TEST(HostShape, OtherProfilesMayHaveAnyName) {
  for (const char* profile : {"mysql", "tidb-premium", "heatwave-egress-aurora", "aws-vpce"}) {
    CaseBuilder builder("gateway01.us-east-1.prod.aws.tidbcloud.com");
    builder.profile(profile).resolved({"52.1.1.1"}).refused("52.1.1.1:4000");
    EXPECT_FALSE(match_wrong_host_type(builder.build()).matched) << profile;
  }
  CaseBuilder endpoint("vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com");
  endpoint.profile("tidb-dedicated-private").resolved({"10.0.0.1"}).works("10.0.0.1:4000");
  EXPECT_FALSE(match_wrong_host_type(endpoint.build()).matched);
}

TEST(HostShape, ASilentPublicNameIsOnlyPossiblyTheWrongOne) {
  CaseBuilder builder("gateway01.us-east-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-public-aws").resolved({"52.1.1.1"}).timed_out("52.1.1.1:4000");
  const Verdict verdict = match_wrong_host_type(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  CaseBuilder right("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com");
  right.profile("tidb-starter-private-aws").resolved({"10.0.0.1"}).timed_out("10.0.0.1:4000");
  EXPECT_FALSE(match_wrong_host_type(right.build()).matched);
}

}  // namespace
}  // namespace plumb::dns
