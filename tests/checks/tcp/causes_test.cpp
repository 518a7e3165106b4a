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
using testing::ElementsAre;
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
  EXPECT_THAT(match("tcp-no-route", local).bindings, Contains(Pair("said_by", "this host itself")));
  const Case router = CaseBuilder("h:1")
                          .connect("10.0.0.1:1", Failure::host_unreachable)
                          .icmp(3, 1, "10.9.9.9")
                          .build();
  EXPECT_THAT(match("tcp-no-route", router).bindings,
              Contains(Pair("said_by", "the device 10.9.9.9")));
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

TEST(TcpCauses, AMixedResultIsPartialWithTheFailingAddressFirst) {
  const Case about = CaseBuilder("h:1").connect("10.0.0.1:1").timed_out("10.0.1.1:1").build();
  const Verdict partial = match("tcp-partial-az-failure", about);
  ASSERT_TRUE(partial.matched);
  EXPECT_EQ(partial.severity, Severity::warning);
  EXPECT_THAT(partial.evidence, ElementsAre(2, 1));
  EXPECT_THAT(partial.bindings, Contains(Pair("failing", "10.0.1.1:1 (timed out)")));
  const Case all_fail = CaseBuilder("h:1").refused("10.0.0.1:1").timed_out("10.0.1.1:1").build();
  EXPECT_FALSE(match("tcp-partial-az-failure", all_fail).matched);
  const Case all_work = CaseBuilder("h:1").connect("10.0.0.1:1").connect("10.0.1.1:1").build();
  EXPECT_FALSE(match("tcp-partial-az-failure", all_work).matched);
  const Case no_v6 = CaseBuilder("h:1")
                         .connect("10.0.0.1:1")
                         .connect("[2001:db8::1]:1", Failure::net_unreachable)
                         .build();
  EXPECT_FALSE(match("tcp-partial-az-failure", no_v6).matched)
      << "every client skips a family without route";
}

}  // namespace
}  // namespace plumb
