#include "checks/dns/odd_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

TEST(DnsOddAnswer, APublicAddressIsWrongOnlyWhereAPrivateOneIsExpected) {
  CaseBuilder builder("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-private-aws").resolved({"192.0.2.1"}).timed_out("192.0.2.1:4000");
  const Verdict verdict = match_public_address(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_THAT(verdict.bindings, Contains(Pair("public", "the public address 192.0.2.1")));
  EXPECT_FALSE(match_public_address(builder.profile("mysql").build()).matched);

  CaseBuilder working("h");
  working.profile("aws-vpce").resolved({"192.0.2.1"}).works("192.0.2.1:4000");
  EXPECT_EQ(match_public_address(working.build()).severity, Severity::warning);
  CaseBuilder right("h");
  EXPECT_FALSE(
      match_public_address(right.profile("aws-vpce").resolved({"10.0.0.1"}).build()).matched);
}

TEST(DnsOddAnswer, OverAPeeringThereIsNoEndpointToMend) {
  CaseBuilder peered("private-tidb.a1b2.clusters.tidb-cloud.com:4000");
  peered.profile("tidb-dedicated-peering").resolved({"203.0.113.9"}).timed_out("203.0.113.9:4000");
  const Verdict verdict = match_public_address(peered.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_THAT(verdict.bindings, Contains(Pair("kind", "peering")));
  EXPECT_NE(verdict.decide_by.find("peering"), std::string_view::npos);
}

// The ranges of a VPC are global in IPv6: only where they are known does such an address tell.
TEST(DnsOddAnswer, AGlobalIPv6AddressMayBeTheEndpointsOwn) {
  CaseBuilder builder("h:1");
  builder.profile("aws-vpce").resolved({"2600:1f18:1::10"});
  const Case works = CaseBuilder(builder).works("[2600:1f18:1::10]:1").build();
  EXPECT_FALSE(match_public_address(works).matched);
  builder.timed_out("[2600:1f18:1::10]:1");
  const Verdict unknown = match_public_address(builder.build());
  EXPECT_EQ(unknown.confidence, Confidence::possible);
  EXPECT_THAT(unknown.evidence, ElementsAre(3, 2)) << "beside the candidates of silence";
  const Case inside = CaseBuilder(builder).here("aws", "", {"2600:1f18:1::/48"}).build();
  EXPECT_FALSE(match_public_address(inside).matched);
  CaseBuilder elsewhere(builder);
  elsewhere.here("aws", "", {"2600:1f18:2::/48"});
  EXPECT_EQ(match_public_address(elsewhere.build()).confidence, Confidence::likely);
  elsewhere.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {"2600:1f18:1::10"});
  const Case outside = elsewhere.build();
  EXPECT_EQ(match_public_address(outside).confidence, Confidence::certain);
}

TEST(DnsOddAnswer, APublicAddressIsCertainlyWrongOnlyWhereTheCloudsOwnResolverGivesItToo) {
  CaseBuilder builder("vpce-h:1");
  builder.profile("aws-vpce").resolved({"192.0.2.1"}).timed_out("192.0.2.1:1");
  EXPECT_EQ(match_public_address(builder.build()).confidence, Confidence::likely)
      << "the cloud's own may give a private one";
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {"192.0.2.1"});
  const Verdict verdict = match_public_address(builder.build());
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_THAT(verdict.evidence, ElementsAre(2, 4));
}

CaseBuilder overridden() {
  CaseBuilder builder("h");
  builder.asked("10.0.0.2:53", {"10.1.1.1"}).view({"10.9.9.9"}, {}, "hosts");
  builder.fact(key::dns_hosts_line, std::string("/etc/hosts:7"));
  return builder;
}

TEST(DnsOddAnswer, AHostsLineIsAWarningWhileItWorksAndLikelyWhenItFails) {
  const Case works = overridden().works("10.9.9.9:3306").build();
  EXPECT_EQ(match_hosts_override(works).severity, Severity::warning);
  EXPECT_EQ(match_hosts_override(works).confidence, Confidence::certain);
  const Case fails = overridden().timed_out("10.9.9.9:3306").build();
  const Verdict verdict = match_hosts_override(fails);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_THAT(verdict.evidence, ElementsAre(2, 1));
  EXPECT_THAT(verdict.bindings, Contains(Pair("line", "/etc/hosts:7")));
  EXPECT_THAT(verdict.bindings, Contains(Pair("dns_address", "10.1.1.1")));
}

TEST(DnsOddAnswer, APrivateHostsLineAgainstAPublicAddressMayBeRight) {
  CaseBuilder builder("h");
  builder.asked("10.0.0.2:53", {"192.0.2.1"}).view({"10.9.9.9"}, {}, "hosts");
  const Case works = CaseBuilder(builder).works("10.9.9.9:3306").build();
  EXPECT_EQ(match_hosts_override(works).severity, Severity::warning);
  const Verdict verdict = match_hosts_override(builder.timed_out("10.9.9.9:3306").build());
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_THAT(verdict.evidence, ElementsAre(3, 2, 1)) << "among the candidates of silence";
  EXPECT_GT(verdict.rank, 80);
}

TEST(DnsOddAnswer, AHostsLineWithoutAWordOfDnsIsACandidateWhereNothingAnswers) {
  const Case about = CaseBuilder("h")
                         .asked("10.0.0.2:53", {}, Failure::servfail)
                         .view({"10.9.9.9"}, {}, "hosts")
                         .timed_out("10.9.9.9:3306")
                         .build();
  const Verdict verdict = match_hosts_override(about);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_THAT(verdict.evidence, ElementsAre(3, 2));
  EXPECT_FALSE(verdict.decide_by.empty());
}

TEST(DnsOddAnswer, AHostsLineThatAgreesOrStandsAloneIsNoFault) {
  const Case agrees =
      CaseBuilder("h").asked("10.0.0.2:53", {"10.1.1.1"}).view({"10.1.1.1"}, {}, "hosts").build();
  EXPECT_FALSE(match_hosts_override(agrees).matched);
  const Case alone = CaseBuilder("h")
                         .asked("10.0.0.2:53", {}, Failure::nxdomain)
                         .view({"10.1.1.1"}, {}, "hosts")
                         .build();
  EXPECT_FALSE(match_hosts_override(alone).matched);
  const Case other_family = CaseBuilder("h")
                                .asked("10.0.0.2:53", {"10.1.1.1"})
                                .asked("10.0.0.2:53", {"2001:db8::1"}, {}, "AAAA")
                                .view({"10.1.1.1"}, {}, "hosts")
                                .build();
  EXPECT_FALSE(match_hosts_override(other_family).matched);
}

TEST(DnsOddAnswer, ASinkholeAnswersWithAnAddressThatIsNone) {
  const Case sunk = CaseBuilder("h").resolved({"0.0.0.0"}).refused("0.0.0.0:3306").build();
  EXPECT_EQ(match_sinkhole(sunk).confidence, Confidence::likely);
  const Case tunnel = CaseBuilder("h").resolved({"127.0.0.1"}).works("127.0.0.1:3306").build();
  EXPECT_FALSE(match_sinkhole(tunnel).matched);
  const Case local =
      CaseBuilder("localhost").resolved({"127.0.0.1"}).refused("127.0.0.1:3306").build();
  EXPECT_FALSE(match_sinkhole(local).matched);
  const Case empty = CaseBuilder("h").unresolved(Failure::nodata).build();
  EXPECT_EQ(match_sinkhole(empty).confidence, Confidence::possible);
}

TEST(DnsOddAnswer, TheCloudsOwnNxdomainMayBeItsFirewalls) {
  CaseBuilder builder("h");
  builder.unresolved(Failure::nxdomain);
  EXPECT_FALSE(match_sinkhole(builder.build()).matched);
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {}, Failure::nxdomain);
  EXPECT_EQ(match_sinkhole(builder.build()).confidence, Confidence::possible);
}

TEST(DnsOddAnswer, IPv6WithoutAddress) {
  CaseBuilder builder("h:1");
  builder.resolved({"2001:db8::1"}).connect("[2001:db8::1]:1", Failure::address_unavailable);
  EXPECT_EQ(match_unusable_family(builder.build()).confidence, Confidence::likely);
  const Case with = CaseBuilder(builder).local({"10.0.0.5", "2001:db8:9::1"}, true).build();
  EXPECT_EQ(match_unusable_family(with).confidence, Confidence::possible) << "or no port is left";
  const Case without = CaseBuilder(builder).local({"10.0.0.5", "fe80::1"}, true).build();
  EXPECT_EQ(match_unusable_family(without).confidence, Confidence::certain);
  EXPECT_THAT(match_unusable_family(without).bindings,
              Contains(Pair("lacks", "usable IPv6 address")));
}

TEST(DnsOddAnswer, ASilentIPv6NeighbourDoesNotShowThatARouteIsMissing) {
  CaseBuilder builder("h:1");
  builder.resolved({"2001:db8::1"}).connect("[2001:db8::1]:1", Failure::host_unreachable);
  EXPECT_FALSE(match_unusable_family(builder.build()).matched);
}

TEST(DnsOddAnswer, IPv6WithoutRoute) {
  CaseBuilder builder("h:1");
  builder.resolved({"2001:db8::1"}).connect("[2001:db8::1]:1", Failure::net_unreachable);
  EXPECT_EQ(match_unusable_family(builder.build()).severity, Severity::error);
  builder.works("10.0.0.1:1");
  EXPECT_EQ(match_unusable_family(builder.build()).severity, Severity::info);
  const Case literal =
      CaseBuilder("[2001:db8::1]:1").connect("[2001:db8::1]:1", Failure::net_unreachable).build();
  EXPECT_FALSE(match_unusable_family(literal).matched);
}

}  // namespace
}  // namespace plumb::dns
