#include "checks/tcp/causes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "probe/diagnose/fill.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
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

TEST(TcpCauses, ARstIsDoubtedWhereFollowUpsOrABalancerGiveReason) {
  constexpr const char* kRefused = "tcp-refused-no-listener";
  CaseBuilder about("h:1");
  about.refused("10.0.0.1:1");
  CaseBuilder wrong_port = about, comes = about, behind = about;
  wrong_port.followup(experiment::kSecondPort, "10.0.0.1:4000").then(Phase::greeting);
  EXPECT_EQ(match(kRefused, wrong_port.build()).owner, Owner::client);
  comes.followup(experiment::kRepeat, "10.0.0.1:1", Failure::refused)
      .followup(experiment::kRepeat, "10.0.0.1:1");
  const Verdict now_and_then = match(kRefused, comes.build());
  EXPECT_EQ(now_and_then.confidence, Confidence::possible);
  EXPECT_THAT(now_and_then.bindings,
              Contains(Pair("but",
                            ". Tried again, 1 of 2 attempts were accepted: it comes and "
                            "goes.")));
  EXPECT_EQ(match(kRefused, behind.profile("tidb-dedicated-public").build()).confidence,
            Confidence::likely);
}

TEST(TcpCauses, AProhibitionOfThisHostsOwnIsItsFirewall) {
  const Case own = CaseBuilder("h:1")
                       .refused("10.0.0.1:1")
                       .icmp(3, 3, "10.0.9.9")
                       .local({"10.0.9.9"}, true)
                       .build();
  EXPECT_FALSE(match("tcp-icmp-admin-prohibited", own).matched);
  EXPECT_EQ(match("tcp-local-firewall", own).confidence, Confidence::certain);
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

TEST(TcpCauses, ANameWithoutIPv4OnAHostWithoutIPv6NeedsNoPort) {
  CaseBuilder builder("h:1");
  builder.connect("[2001:db8::1]:1", Failure::address_unavailable);
  EXPECT_EQ(match("tcp-client-ephemeral-exhausted", builder.build()).confidence,
            Confidence::possible);
  const Case with = CaseBuilder(builder).local({"fd00::5"}, true).build();
  EXPECT_EQ(match("tcp-client-ephemeral-exhausted", with).confidence, Confidence::likely);
  builder.local({"10.0.0.5", "fe80::1"}, true);
  EXPECT_FALSE(match("tcp-client-ephemeral-exhausted", builder.build()).matched);
  const Case neighbour =
      CaseBuilder("h:1").connect("[2001:db8::1]:1", Failure::host_unreachable).build();
  EXPECT_EQ(match("tcp-no-route", neighbour).confidence, Confidence::likely);
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

TEST(TcpCauses, ThisHostsOwnFirewallSaysAWholeSentenceInEachOfItsForms) {
  const auto row = std::ranges::find(tcp_causes(), "tcp-local-firewall", &Cause::id);
  const auto sentence = [&](const Case& about) {
    return fill_text(row->summary, row->match(about).bindings);
  };
  EXPECT_EQ(
      sentence(CaseBuilder("h:1").connect("10.0.0.1:1", Failure::permission_denied).build()),
      "This host itself forbids the connection to 10.0.0.1:1 (permission denied). A policy, a "
      "prohibit route, a rule of its firewall or a sandbox may be behind it.");
  CaseBuilder silent("h:1");
  silent.timed_out("10.0.0.1:1").local({"10.0.0.5"}, true);
  EXPECT_EQ(sentence(silent.build()),
            "Nothing answers, and possibly this host itself drops the connection to 10.0.0.1:1. A "
            "policy, a rule of its firewall or a sandbox may be behind it.");
  silent.fact(key::local_syns_resent, std::int64_t{7})
      .fact(key::local_resends_failed, std::int64_t{7});
  EXPECT_EQ(
      sentence(silent.build()),
      "Nothing answers, and probably this host itself drops the connection to 10.0.0.1:1: the "
      "kernel counted 7 of 7 retransmissions that could not leave this host. A policy, a rule "
      "of its firewall or a sandbox may be behind it.");
  silent.fact(key::local_resends_failed, std::int64_t{0});
  EXPECT_EQ(sentence(silent.build()),
            "Nothing answers, and possibly this host itself drops the answers to the connection to "
            "10.0.0.1:1: its SYNs left (sent again 7 times, none held back). A rule for what comes "
            "in, or one outside this network namespace, may be behind it.");
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
