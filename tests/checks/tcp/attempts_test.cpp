#include "checks/tcp/attempts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(TcpAttempts, OnlyTheAddressesOfThisHostShowThatItHasNoIPv6) {
  CaseBuilder builder("h:1");
  EXPECT_EQ(has_ipv6(builder.build()), std::nullopt);
  builder.local({"127.0.0.1", "::1", "fe80::1", "10.0.0.5"}, true);
  EXPECT_EQ(has_ipv6(builder.build()), false);
  CaseBuilder with("h:1");
  EXPECT_EQ(has_ipv6(with.local({"fd00::5"}, true).build()), true);
}

TEST(TcpAttempts, KeepsTheBestOfEachEndpoint) {
  const Case about = CaseBuilder("h:1")
                         .timed_out("10.0.0.1:1")
                         .connect("10.0.0.1:1")
                         .timed_out("10.0.0.1:1")
                         .build();
  const Attempts attempts = attempts_of(about);
  ASSERT_EQ(attempts.all.size(), 1U);
  EXPECT_TRUE(attempts.some_worked());
  EXPECT_THAT(numbers(attempts.all), ElementsAre(2));
}

TEST(TcpAttempts, LeavesOutWhatWasOurDoing) {
  const Case about = CaseBuilder("h:1")
                         .connect("10.0.0.1:1", Failure::cancelled)
                         .connect("10.0.0.2:1", Failure::local_limit)
                         .build();
  EXPECT_THAT(attempts_of(about).all, IsEmpty());
}

TEST(TcpAttempts, OnlyThePortThatAnswersCountsWhereNobodyKnowsIt) {
  const Case about = CaseBuilder("h")
                         .refused("10.0.0.1:4000")
                         .connect("10.0.0.1:3306")
                         .then(Phase::greeting)
                         .build();
  EXPECT_THAT(numbers(attempts_of(about).all), ElementsAre(2));
  const Case known =
      CaseBuilder("h:4000").refused("10.0.0.1:4000").connect("10.0.0.1:3306").build();
  EXPECT_EQ(attempts_of(known).all.size(), 2U);
  const Case neither = CaseBuilder("h").refused("10.0.0.1:4000").timed_out("10.0.0.1:3306").build();
  EXPECT_EQ(attempts_of(neither).all.size(), 2U);
}

TEST(TcpAttempts, AFamilyWithoutRouteIsSetAsideBesideTheOther) {
  CaseBuilder builder("h:1");
  builder.connect("[2001:db8::1]:1", Failure::net_unreachable);
  EXPECT_THAT(attempts_of(builder.build()).unusable, IsEmpty()) << "there is no other family";
  builder.connect("10.0.0.1:1");
  EXPECT_THAT(numbers(attempts_of(builder.build()).unusable), ElementsAre(1));
  builder.connect("[2001:db8::2]:1");
  EXPECT_THAT(attempts_of(builder.build()).unusable, IsEmpty()) << "IPv6 works here";
  const Case by_router = CaseBuilder("h:1")
                             .connect("[2001:db8::1]:1", Failure::net_unreachable)
                             .icmp(1, 0, "fe80::1")
                             .connect("10.0.0.1:1")
                             .build();
  EXPECT_THAT(attempts_of(by_router).unusable, IsEmpty()) << "a router said so";
}

TEST(TcpAttempts, AHostWithoutPortsLacksThemInBothFamilies) {
  CaseBuilder builder("h:1");
  builder.connect("[2001:db8::1]:1", Failure::address_unavailable);
  EXPECT_THAT(attempts_of(CaseBuilder(builder).timed_out("10.0.0.1:1").build()).unusable,
              testing::SizeIs(1));
  builder.connect("10.0.0.1:1", Failure::address_unavailable);
  EXPECT_THAT(attempts_of(builder.build()).unusable, IsEmpty());
}

TEST(TcpAttempts, DescribesAFewByNameAndManyByNumber) {
  CaseBuilder builder("h:1");
  builder.timed_out("10.0.0.1:1").connect("10.0.0.2:1");
  EXPECT_EQ(describe(attempts_of(builder.build()).all), "10.0.0.1:1 (timed out), 10.0.0.2:1");
  for (int i = 3; i < 30; ++i) builder.refused("10.0.0." + std::to_string(i) + ":1");
  EXPECT_EQ(describe(attempts_of(builder.build()).all),
            "10.0.0.1:1 (timed out), 10.0.0.2:1, 27 addresses (refused)");
  CaseBuilder alike("h:1");
  for (int i = 1; i < 7; ++i) alike.refused("10.0.0." + std::to_string(i) + ":1");
  EXPECT_EQ(describe(attempts_of(alike.build()).all, 6), "all 6 addresses (refused)");
}

TEST(TcpAttempts, TellsARejectionFromARefusal) {
  const auto first = [](CaseBuilder& builder) { return attempts_of(builder.build()).all.front(); };
  CaseBuilder rst("h:1"), port("h:1"), prohibited("h:1"), host("h:1"), v6("h:1");
  const auto is_reject = [&](CaseBuilder& builder) { return is_icmp_reject(first(builder)); };
  EXPECT_FALSE(is_reject(rst.refused("10.0.0.1:1")));
  EXPECT_TRUE(is_reject(port.refused("10.0.0.1:1").icmp(3, 3, "10.0.0.9")));
  EXPECT_TRUE(is_reject(
      prohibited.connect("10.0.0.1:1", Failure::host_unreachable).icmp(3, 13, "10.0.0.9")));
  EXPECT_FALSE(
      is_reject(host.connect("10.0.0.1:1", Failure::host_unreachable).icmp(3, 1, "10.0.0.9")));
  EXPECT_TRUE(
      is_reject(v6.connect("[2001:db8::1]:1", Failure::permission_denied).icmp(1, 1, "fe80::1")));
  EXPECT_EQ(sender(attempts_of(port.build()).all), "10.0.0.9");
}

TEST(TcpAttempts, KnowsWhereTheTargetIs) {
  const Case loopback = CaseBuilder("h:1").refused("127.0.0.1:1").build();
  EXPECT_TRUE(is_loopback_target(attempts_of(loopback).all));
  const Case mixed = CaseBuilder("h:1").refused("192.0.2.1:1").refused("10.0.0.1:1").build();
  EXPECT_FALSE(is_public_target(attempts_of(mixed).all));
}

TEST(TcpAttempts, FailedOnesAreLookedForOnlyWhereSomeConnectFailed) {
  const Case healthy = CaseBuilder("h:1").connect("10.0.0.1:1").build();
  EXPECT_FALSE(some_connect_failed(healthy));
  EXPECT_THAT(failed_attempts(healthy, {Failure::refused}), IsEmpty());
  const Case about = CaseBuilder("h:1")
                         .connect("10.0.0.1:1")
                         .refused("10.0.0.2:1")
                         .timed_out("10.0.0.3:1")
                         .build();
  EXPECT_TRUE(some_connect_failed(about));
  EXPECT_THAT(numbers(failed_attempts(about, {Failure::refused})), ElementsAre(2));
  EXPECT_THAT(numbers(failed_attempts(about, {Failure::refused, Failure::timed_out})),
              ElementsAre(2, 3));
}

}  // namespace
}  // namespace plumb::tcp
