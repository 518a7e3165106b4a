#include "checks/dns/private_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/dns/no_answer.hpp"
#include "checks/dns/odd_answer.hpp"
#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::AllOf;
using testing::Contains;
using testing::Pair;
using testing::StartsWith;

constexpr auto kStarter = "gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com";
constexpr auto kDedicated = "privatelink-19283.q9xkz.clusters.tidb-cloud.com";
constexpr auto kVpcs = "169.254.169.253:53";

CaseBuilder starter() { return CaseBuilder(kStarter).profile("tidb-starter-private-aws"); }
CaseBuilder denied() { return starter().unresolved(Failure::nxdomain); }
CaseBuilder& the_vpc_says(CaseBuilder& builder, const test::Strings& answers,
                          std::optional<Failure> failure = {}) {
  return builder.followup_asked(experiment::kCloudResolver, kVpcs, answers, failure);
}

TEST(PrivateName, TheVpcsResolverKnowsWhatTheConfiguredOneDenies) {
  CaseBuilder builder = denied();
  const Verdict verdict = match_custom_resolver(the_vpc_says(builder, {"10.1.1.1"}).build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_EQ(verdict.evidence.front(), 2) << "the application's view";
  EXPECT_THAT(verdict.bindings, Contains(Pair("knows", "169.254.169.253:53 does")));
  for (const auto other : {match_private_dns_off, match_vpc_attributes, match_onprem_forwarder,
                           match_shadowing, match_nxdomain})
    EXPECT_FALSE(other(builder.build()).matched);

  CaseBuilder astray = starter().resolved({"52.1.1.1"}).timed_out("52.1.1.1:4000");
  the_vpc_says(astray, {"10.1.1.1"});
  EXPECT_EQ(match_custom_resolver(astray.build()).confidence, Confidence::certain);
  EXPECT_FALSE(match_public_address(astray.build()).matched);
}

TEST(PrivateName, ANameOfPublicDnsMayBeBlockedOnTheWay) {
  CaseBuilder builder("vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com");
  builder.profile("aws-vpce").unresolved(Failure::nxdomain);
  the_vpc_says(builder, {"10.1.1.1"});
  EXPECT_EQ(match_custom_resolver(builder.build()).confidence, Confidence::likely);

  CaseBuilder emptied("vpce-0a-b.vpce-svc-0c.us-east-1.vpce.amazonaws.com");
  emptied.profile("aws-vpce").unresolved(Failure::nodata);
  the_vpc_says(emptied, {"10.1.1.1"});
  EXPECT_FALSE(match_custom_resolver(emptied.build()).matched);
  EXPECT_EQ(match_rebinding(emptied.build()).confidence, Confidence::likely);
}

TEST(PrivateName, OneOfTwoConfiguredResolversIsAWarning) {
  CaseBuilder builder = starter();
  builder.asked("10.0.0.9:53", {}, Failure::nxdomain).asked(kVpcs, {"10.1.1.1"});
  builder.view({"10.1.1.1"}).works("10.1.1.1:4000");
  const Verdict verdict = match_custom_resolver(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_FALSE(match_nxdomain(builder.build()).matched);
}

TEST(PrivateName, TwoConfiguredResolversThatDisagree) {
  CaseBuilder builder = starter();
  builder.asked("10.0.0.8:53", {}, Failure::nxdomain).asked("10.0.0.9:53", {"10.1.1.1"});
  builder.view({}, Failure::nxdomain);
  EXPECT_EQ(match_custom_resolver(builder.build()).confidence, Confidence::likely);
  EXPECT_FALSE(match_private_dns_off(builder.build()).matched) << "somebody knows the name";
  CaseBuilder stripped = starter();
  stripped.asked(kVpcs, {}, Failure::nodata).asked("10.0.0.9:53", {"10.1.1.1"});
  stripped.view({}, Failure::nodata);
  EXPECT_FALSE(match_private_dns_off(stripped.build()).matched);
  EXPECT_EQ(match_rebinding(stripped.build()).confidence, Confidence::likely);
}

TEST(PrivateName, WhereTheVpcsResolverDeniesItTooPrivateDnsIsProbablyOff) {
  CaseBuilder builder = denied();
  the_vpc_says(builder, {}, Failure::nxdomain);
  const Verdict off = match_private_dns_off(builder.build());
  ASSERT_TRUE(off.matched);
  EXPECT_EQ(off.confidence, Confidence::likely);
  const Verdict attributes = match_vpc_attributes(builder.build());
  EXPECT_EQ(attributes.confidence, Confidence::possible);
  EXPECT_THAT(attributes.bindings, Contains(Pair("says", StartsWith("gives no private address"))));
  EXPECT_GT(attributes.rank, off.rank);
  const Verdict gone = match_nxdomain(builder.build());
  EXPECT_EQ(gone.confidence, Confidence::possible);
  EXPECT_GT(gone.rank, attributes.rank);
  EXPECT_FALSE(match_custom_resolver(builder.build()).matched);

  CaseBuilder astray = starter().resolved({"52.1.1.1"}).timed_out("52.1.1.1:4000");
  the_vpc_says(astray, {"52.1.1.1"});
  EXPECT_EQ(match_private_dns_off(astray.build()).confidence, Confidence::likely);
  EXPECT_EQ(match_public_address(astray.build()).confidence, Confidence::certain);
}

TEST(PrivateName, WithoutTheVpcsResolverAllAreOnlyPossible) {
  const Case about = denied().build();
  for (const auto match : {match_custom_resolver, match_private_dns_off, match_vpc_attributes,
                           match_onprem_forwarder, match_unverified_domain, match_nxdomain}) {
    const Verdict verdict = match(about);
    ASSERT_TRUE(verdict.matched);
    EXPECT_EQ(verdict.confidence, Confidence::possible);
  }
}

TEST(PrivateName, OtherNamesNeedNoPrivateDns) {
  const Case about = CaseBuilder("db.example.com").unresolved(Failure::nxdomain).build();
  for (const auto match : {match_custom_resolver, match_private_dns_off, match_vpc_attributes,
                           match_onprem_forwarder, match_shadowing})
    EXPECT_FALSE(match(about).matched);
  EXPECT_EQ(match_nxdomain(about).confidence, Confidence::likely) << "of a private zone perhaps";
  const Case servfail = starter().unresolved(Failure::servfail).build();
  EXPECT_FALSE(match_private_dns_off(servfail).matched);
}

TEST(PrivateName, ASilentVpcResolverInAwsIsItsAttribute) {
  CaseBuilder builder = starter().here("aws").asked(kVpcs, {}, Failure::timed_out);
  builder.view({}, Failure::timed_out);
  const Verdict verdict = match_vpc_attributes(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_THAT(verdict.bindings,
              AllOf(Contains(Pair("says", "gets no answer from 169.254.169.253:53")),
                    Contains(Pair("which", "enableDnsSupport is"))))
      << "who is silent denies nothing, and without DNS hostnames it would answer";
  const Verdict timeout = match_resolver_timeout(builder.build());
  EXPECT_EQ(timeout.confidence, Confidence::likely);
  EXPECT_GT(timeout.rank, verdict.rank);

  CaseBuilder unknown = starter().asked(kVpcs, {}, Failure::timed_out);
  unknown.view({}, Failure::timed_out);
  EXPECT_EQ(match_vpc_attributes(unknown.build()).confidence, Confidence::possible);
  CaseBuilder other = starter().asked("10.0.0.9:53", {}, Failure::timed_out);
  other.view({}, Failure::timed_out);
  EXPECT_FALSE(match_vpc_attributes(other.build()).matched);
  EXPECT_EQ(match_resolver_timeout(other.build()).confidence, Confidence::certain);
}

TEST(PrivateName, OutsideEveryCloudTheForwarderComesBeforeTheEndpoint) {
  CaseBuilder builder = denied();
  builder.local({"172.20.0.5"}, true).fact(key::local_metadata, std::string("silent"));
  const Verdict verdict = match_onprem_forwarder(builder.build());
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_LT(verdict.rank, match_private_dns_off(builder.build()).rank);
  CaseBuilder inside = denied().here("aws");
  EXPECT_FALSE(match_onprem_forwarder(inside.build()).matched);
}

TEST(PrivateName, AZoneAboveTheHostShadowsIt) {
  CaseBuilder builder = starter();
  builder.asked(kVpcs, {}, Failure::nxdomain).fact(key::dns_soa, std::string("aws.tidbcloud.com"));
  builder.view({}, Failure::nxdomain);
  const Verdict verdict = match_shadowing(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_THAT(verdict.bindings, Contains(Pair("zone", "aws.tidbcloud.com")));

  CaseBuilder providers = starter();
  providers.asked(kVpcs, {}, Failure::nxdomain).fact(key::dns_soa, std::string("tidbcloud.com"));
  providers.view({}, Failure::nxdomain);
  EXPECT_GT(match_shadowing(providers.build()).rank, verdict.rank);

  CaseBuilder foreign = starter();
  foreign.asked(kVpcs, {}, Failure::nxdomain).fact(key::dns_soa, std::string("dcloud.com"));
  foreign.view({}, Failure::nxdomain);
  EXPECT_FALSE(match_shadowing(foreign.build()).matched) << "a suffix, but no parent zone";
}

TEST(PrivateName, AZoneOfTheCloudMayShadowANameOfPublicDnsToo) {
  CaseBuilder builder("tidb.abc.clusters.tidb-cloud.com");
  builder.unresolved(Failure::nxdomain).fact(key::dns_soa, std::string("tidb-cloud.com"));
  EXPECT_FALSE(match_shadowing(builder.build()).matched);
  builder.followup_asked(experiment::kCloudResolver, kVpcs, {}, Failure::nxdomain)
      .fact(key::dns_soa, std::string("tidb-cloud.com"));
  EXPECT_EQ(match_shadowing(builder.build()).confidence, Confidence::possible);
  EXPECT_GT(match_shadowing(builder.build()).rank, match_nxdomain(builder.build()).rank);
}

TEST(PrivateName, AnAliasThatEndsAtAPrivateNameNeedsPrivateDns) {
  CaseBuilder builder("db.example.com");
  builder.asked("10.0.0.9:53", {}, Failure::nxdomain)
      .fact(key::dns_cname_chain, {std::string(kDedicated)});
  builder.view({}, Failure::nxdomain);
  for (const auto match : {match_custom_resolver, match_private_dns_off, match_vpc_attributes})
    EXPECT_EQ(match(builder.build()).confidence, Confidence::possible);
}

TEST(PrivateName, ASilentResolverThatAnswersOverTcpIsNotSwitchedOff) {
  CaseBuilder builder = starter().here("aws").asked(kVpcs, {}, Failure::timed_out);
  builder.view({}, Failure::timed_out);
  builder.followup_asked(experiment::kResolverOverTcp, kVpcs, {"10.0.0.1"});
  EXPECT_FALSE(match_vpc_attributes(builder.build()).matched);
  EXPECT_EQ(match_resolver_timeout(builder.build()).confidence, Confidence::certain);
}

TEST(PrivateName, AzureAndGoogleCloudHaveTheirOwn) {
  const auto in = [](const std::string& provider) {
    CaseBuilder builder(kDedicated);
    builder.profile("tidb-dedicated-private").here(provider).unresolved(Failure::nxdomain);
    return builder.build();
  };
  EXPECT_EQ(match_azure_zone(in("azure")).confidence, Confidence::possible);
  EXPECT_FALSE(match_azure_zone(in("gcp")).matched);
  EXPECT_EQ(match_psc_record(in("gcp")).confidence, Confidence::possible);
  EXPECT_FALSE(match_psc_record(in("aws")).matched);
  EXPECT_FALSE(match_private_dns_off(in("azure")).matched);
  EXPECT_TRUE(match_private_dns_off(in("aws")).matched);
  EXPECT_FALSE(match_vpc_attributes(in("gcp")).matched);
}

}  // namespace
}  // namespace plumb::dns
