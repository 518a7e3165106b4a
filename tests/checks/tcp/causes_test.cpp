#include "checks/tcp/causes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::Pair;

Verdict match(std::string_view id, const Case& about) {
  const auto row = std::ranges::find(tcp_causes(), id, &Cause::id);
  if (row == tcp_causes().end()) throw std::invalid_argument(std::string(id));
  return row->match(about);
}

TEST(TcpCauses, ARstIsAMissingListenerAndAnIcmpIsAFirewall) {
  const Case rst = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  EXPECT_TRUE(match("tcp-refused-no-listener", rst).matched);
  EXPECT_EQ(match("tcp-refused-no-listener", rst).confidence, Confidence::certain);
  EXPECT_FALSE(match("tcp-icmp-admin-prohibited", rst).matched);

  const Case reject = CaseBuilder("h:1").refused("10.0.0.1:1").icmp(3, 3, "10.0.0.254").build();
  EXPECT_FALSE(match("tcp-refused-no-listener", reject).matched);
  const Verdict firewall = match("tcp-icmp-admin-prohibited", reject);
  EXPECT_TRUE(firewall.matched);
  EXPECT_THAT(firewall.bindings, Contains(Pair("device", "10.0.0.254")));
}

TEST(TcpCauses, ProhibitedIsNotNoRoute) {
  const Case prohibited = CaseBuilder("h:1")
                              .connect("10.0.0.1:1", Failure::host_unreachable)
                              .icmp(3, 13, "10.0.0.254")
                              .build();
  EXPECT_TRUE(match("tcp-icmp-admin-prohibited", prohibited).matched);
  EXPECT_FALSE(match("tcp-no-route", prohibited).matched);
}

TEST(TcpCauses, NoRouteSaysWhoSaidSo) {
  const Case local = CaseBuilder("h:1").connect("10.0.0.1:1", Failure::net_unreachable).build();
  EXPECT_THAT(match("tcp-no-route", local).bindings,
              Contains(Pair("said_by", ", says this host itself")));
  const Case router = CaseBuilder("h:1")
                          .connect("10.0.0.1:1", Failure::host_unreachable)
                          .icmp(3, 1, "10.9.9.9")
                          .build();
  EXPECT_THAT(match("tcp-no-route", router).bindings,
              Contains(Pair("said_by", ", says the device 10.9.9.9")));
  const Case only_v6 =
      CaseBuilder("h:1").connect("[2001:db8::1]:1", Failure::net_unreachable).build();
  EXPECT_FALSE(match("tcp-no-route", only_v6).matched)
      << "dns-aaaa-only-or-unusable-family says more";
  const Case literal_v6 =
      CaseBuilder("[2001:db8::1]:1").connect("[2001:db8::1]:1", Failure::net_unreachable).build();
  EXPECT_TRUE(match("tcp-no-route", literal_v6).matched);
}

TEST(TcpCauses, ThisHostsOwnErrors) {
  const Case denied = CaseBuilder("h:1").connect("10.0.0.1:1", Failure::permission_denied).build();
  EXPECT_TRUE(match("tcp-local-firewall", denied).matched);
  const Case ports = CaseBuilder("h:1").connect("10.0.0.1:1", Failure::address_unavailable).build();
  EXPECT_TRUE(match("tcp-client-ephemeral-exhausted", ports).matched);
  EXPECT_FALSE(match("tcp-local-firewall", ports).matched);
}

TEST(TcpCauses, AnAddressNobodyAnswersForIsOnlyLikelyARouteWhereAnEndpointIsExpected) {
  CaseBuilder builder("h:1");
  builder.profile("aws-vpce").connect("10.0.0.1:1", Failure::host_unreachable);
  EXPECT_EQ(match("tcp-no-route", builder.build()).confidence, Confidence::likely);
  builder.icmp(3, 1, "10.9.9.9");
  EXPECT_EQ(match("tcp-no-route", builder.build()).confidence, Confidence::certain);
}

TEST(TcpCauses, SilenceMayBeThisHostsOwnFirewallOrAMissingRoute) {
  const Case silent = CaseBuilder("h:1").timed_out("10.0.0.1:1").build();
  for (const auto id : {"tcp-local-firewall", "tcp-no-route"}) {
    const Verdict verdict = match(id, silent);
    ASSERT_TRUE(verdict.matched) << id;
    EXPECT_EQ(verdict.confidence, Confidence::possible);
    EXPECT_THAT(verdict.bindings, Contains(Pair("failing", "10.0.0.1:1")));
  }
}

TEST(TcpCauses, NoRowHoldsForAHealthyTargetAndEachSaysWhy) {
  const Case healthy = CaseBuilder("h:1").resolved({"10.0.0.1"}).works("10.0.0.1:1").build();
  for (const Cause& cause : tcp_causes()) {
    EXPECT_FALSE(cause.match(healthy).matched) << cause.id;
    EXPECT_FALSE(cause.match(healthy).because.empty()) << cause.id;
  }
}

}  // namespace
}  // namespace plumb
