#include "checks/dns/no_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb::dns {
namespace {

using test::CaseBuilder;
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
