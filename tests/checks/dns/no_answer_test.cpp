#include "checks/dns/no_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
using test::Strings;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

constexpr auto kOne = "10.0.0.2:53";
constexpr auto kTwo = "10.0.0.3:53";

TEST(DnsNoAnswer, WhatTheApplicationGetsIsTheRoot) {
  const Case about = CaseBuilder("h").unresolved(Failure::nxdomain).build();
  const Verdict verdict = match_nxdomain(about);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_THAT(verdict.evidence, ElementsAre(2, 1)) << "the application's view decides";
  EXPECT_TRUE(match_servfail(CaseBuilder("h").unresolved(Failure::servfail).build()).matched);
  EXPECT_TRUE(match_refused(CaseBuilder("h").unresolved(Failure::query_refused).build()).matched);
  EXPECT_TRUE(
      match_resolver_timeout(CaseBuilder("h").unresolved(Failure::timed_out).build()).matched);
  EXPECT_TRUE(match_resolver_timeout(CaseBuilder("h").unresolved(Failure::malformed_answer).build())
                  .matched);
  EXPECT_FALSE(match_servfail(about).matched);
  EXPECT_FALSE(match_resolver_timeout(about).matched);
}

TEST(DnsNoAnswer, ADeadResolverBesideAWorkingOneIsAWarningAtItsOwnObservation) {
  const Case about = CaseBuilder("h")
                         .asked(kOne, {}, Failure::timed_out)
                         .asked(kTwo, {"10.1.1.1"})
                         .view({"10.1.1.1"})
                         .build();
  const Verdict verdict = match_resolver_timeout(about);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_THAT(verdict.evidence, ElementsAre(1));
  EXPECT_THAT(verdict.bindings, Contains(Pair("resolvers", kOne)));
}

TEST(DnsNoAnswer, NamesOfTheSearchListThatDoNotExistAreNoFault) {
  const Case about = CaseBuilder("h")
                         .asked(kOne, {}, Failure::nxdomain, "A", "h.corp")
                         .asked(kTwo, {}, Failure::nxdomain, "A", "h.corp")
                         .asked(kOne, {"10.1.1.1"}, {}, "A", "h.example")
                         .view({"10.1.1.1"})
                         .build();
  EXPECT_FALSE(match_nxdomain(about).matched);
}

TEST(DnsNoAnswer, ResolversThatDisagreeAboutANameAreAWarning) {
  const Case about = CaseBuilder("h")
                         .asked(kOne, {}, Failure::nxdomain)
                         .asked(kTwo, {"10.1.1.1"})
                         .view({"10.1.1.1"})
                         .build();
  EXPECT_EQ(match_nxdomain(about).severity, Severity::warning);
  EXPECT_THAT(match_nxdomain(about).evidence, ElementsAre(1));
}

TEST(DnsNoAnswer, ADanglingAliasNamesItsDeadEnd) {
  CaseBuilder builder("h");
  builder.asked(kOne, {}, Failure::nxdomain)
      .fact(key::dns_cname_chain, {"a.example", "gone.example"});
  builder.view({}, Failure::nxdomain);
  EXPECT_THAT(match_dangling_cname(builder.build()).bindings,
              Contains(Pair("dead_end", "gone.example")));
  EXPECT_FALSE(
      match_dangling_cname(CaseBuilder("h").unresolved(Failure::nxdomain).build()).matched);
}

CaseBuilder dangling(const std::string& end, Failure failure = Failure::nxdomain) {
  CaseBuilder builder("h");
  builder.asked(kOne, {}, failure).fact(key::dns_cname_chain, {end});
  builder.view({}, failure);
  return builder;
}

TEST(DnsNoAnswer, ADeadEndIsCertainOnlyByTheCloudsOwnResolver) {
  const auto cloud = [](CaseBuilder builder, const Strings& answers,
                        std::optional<Failure> failure) {
    return builder
        .followup_asked(experiment::kCloudResolver, "169.254.169.253:53", answers, failure)
        .build();
  };
  const CaseBuilder gone = dangling("gone.example");
  EXPECT_EQ(match_dangling_cname(CaseBuilder(gone).build()).confidence, Confidence::likely);
  const Verdict denied = match_dangling_cname(cloud(gone, {}, Failure::nxdomain));
  EXPECT_EQ(denied.confidence, Confidence::certain);
  EXPECT_THAT(denied.evidence, ElementsAre(2, 1, 3));
  EXPECT_FALSE(match_dangling_cname(cloud(gone, {"10.0.0.1"}, {})).matched)
      << "the cloud's own resolver knows addresses";
}

TEST(DnsNoAnswer, ADeadEndOfAPrivateNameMayOnlyBeUnknownHere) {
  const Case about = dangling("privatelink-1.abc.clusters.tidb-cloud.com").build();
  EXPECT_EQ(match_dangling_cname(about).confidence, Confidence::possible);
}

TEST(DnsNoAnswer, AChainWithoutAddressesIsADeadEndToo) {
  CaseBuilder builder = dangling("gone.example", Failure::nodata);
  const Verdict verdict = match_dangling_cname(builder.build());
  EXPECT_EQ(verdict.confidence, Confidence::possible) << "private addresses may be left out";
  EXPECT_THAT(verdict.bindings, Contains(Pair("lacks", "has no address")));
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {}, Failure::nodata);
  EXPECT_EQ(match_dangling_cname(builder.build()).confidence, Confidence::likely);
}

TEST(DnsNoAnswer, ADenialByTheCloudsOwnResolverIsNotCertainlyTheNames) {
  CaseBuilder builder("tidb.abc.clusters.tidb-cloud.com");
  builder.unresolved(Failure::nxdomain);
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {}, Failure::nxdomain);
  EXPECT_EQ(match_nxdomain(builder.build()).confidence, Confidence::likely);
}

TEST(DnsNoAnswer, AResolverThatAnswersOverTcpHasItsUdpFiltered) {
  CaseBuilder builder("h");
  builder.unresolved(Failure::timed_out);
  EXPECT_THAT(match_resolver_timeout(builder.build()).bindings,
              Contains(Pair("silence", "gives no usable answer")));
  builder.followup_asked(experiment::kResolverOverTcp, "10.0.0.2:53", {"10.1.1.1"});
  const Verdict verdict = match_resolver_timeout(builder.build());
  EXPECT_THAT(verdict.evidence, ElementsAre(2, 1, 3));
  EXPECT_THAT(verdict.bindings, Contains(Pair("silence", testing::HasSubstr("UDP port 53"))));
  CaseBuilder dead("h");
  dead.unresolved(Failure::timed_out);
  dead.followup_asked(experiment::kResolverOverTcp, "10.0.0.2:53", {}, Failure::timed_out);
  EXPECT_THAT(match_resolver_timeout(dead.build()).bindings,
              Contains(Pair("silence", "gives no usable answer")));
}

TEST(DnsNoAnswer, AwsOwnAddressTellsWhereMetadataIsHidden) {
  CaseBuilder builder("h");
  builder.asked("169.254.169.253:53", {}, Failure::timed_out).view({}, Failure::timed_out);
  EXPECT_EQ(match_resolver_timeout(builder.build()).confidence, Confidence::likely);
  builder.here("azure");
  EXPECT_EQ(match_resolver_timeout(builder.build()).confidence, Confidence::certain);
}

TEST(DnsNoAnswer, AMissingAaaaIsNoFault) {
  const Case about = CaseBuilder("h")
                         .asked(kOne, {"10.1.1.1"})
                         .asked(kOne, {}, Failure::nodata, "AAAA")
                         .view({"10.1.1.1"})
                         .build();
  EXPECT_FALSE(match_rebinding(about).matched);
}

TEST(DnsNoAnswer, SilenceOfAResolverThatNobodyConfiguredIsNoCause) {
  CaseBuilder builder("h");
  builder.unresolved(Failure::refused).local({"10.0.0.5"}, true);
  EXPECT_TRUE(match_resolver_timeout(builder.build()).matched);
  builder.fact(key::local_resolv_conf, false);
  EXPECT_FALSE(match_resolver_timeout(builder.build()).matched) << "glibc's guess at 127.0.0.1";
}

TEST(DnsNoAnswer, RebindingProtectionShowsByPrivateAddressesElsewhere) {
  const Case beside = CaseBuilder("h")
                          .asked(kOne, {}, Failure::nodata)
                          .asked(kTwo, {"10.1.1.1"})
                          .view({"10.1.1.1"})
                          .build();
  EXPECT_EQ(match_rebinding(beside).severity, Severity::warning);
  EXPECT_EQ(match_rebinding(beside).confidence, Confidence::likely);
  const Case everywhere = CaseBuilder("h").unresolved(Failure::nodata).build();
  EXPECT_EQ(match_rebinding(everywhere).severity, Severity::error);
  EXPECT_EQ(match_rebinding(everywhere).confidence, Confidence::possible);
  const Case public_elsewhere = CaseBuilder("h")
                                    .asked(kOne, {}, Failure::nodata)
                                    .asked(kTwo, {"192.0.2.1"})
                                    .view({"192.0.2.1"})
                                    .build();
  EXPECT_FALSE(match_rebinding(public_elsewhere).matched);
}

}  // namespace
}  // namespace plumb::dns
