#include "checks/tcp/established.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using test::CaseBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

constexpr auto kThere = "10.0.0.1:4000";

CaseBuilder stalled(std::int64_t unacked) {
  CaseBuilder builder("h:4000");
  builder.connect(kThere).then(Phase::greeting).then(Phase::tls, Failure::timed_out);
  builder.fact(key::tcp_unacked, unacked);
  return builder;
}

TEST(Mtu, SmallSegmentsThatGoThroughMakeItLikely) {
  CaseBuilder builder = stalled(0);
  EXPECT_FALSE(match_mtu(builder.build()).matched);
  builder.followup_works(experiment::kSmallSegments, kThere);
  const Verdict verdict = match_mtu(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_THAT(verdict.evidence, ElementsAre(3, 4, 7));
  EXPECT_THAT(verdict.bindings, Contains(Pair("segment", "1200")));
}

// A ClientHello is smaller than a small segment: losing it is no matter of its size.
TEST(Mtu, WhatWeSentAndWasLostSpeaksAgainstIt) {
  CaseBuilder builder = stalled(2);
  builder.followup_works(experiment::kSmallSegments, kThere);
  EXPECT_EQ(match_mtu(builder.build()).confidence, Confidence::possible);
}

TEST(Mtu, TheStallIsTheOneOfTheSameAddressPastTheGreeting) {
  constexpr auto kMute = "10.0.0.2:4000";
  CaseBuilder builder("h:4000");
  builder.connect(kMute).then(Phase::greeting, Failure::timed_out);
  builder.connect(kThere).then(Phase::greeting).then(Phase::tls, Failure::timed_out);
  CaseBuilder elsewhere = builder;
  builder.followup_works(experiment::kSmallSegments, kThere);
  EXPECT_THAT(match_mtu(builder.build()).evidence, ElementsAre(5, 6, 9));
  elsewhere.followup_works(experiment::kSmallSegments, kMute);
  EXPECT_FALSE(match_mtu(elsewhere.build()).matched);
}

TEST(Mtu, AnotherTryWithUsualSegmentsDisprovesIt) {
  CaseBuilder builder = stalled(0);
  builder.followup_works(experiment::kSmallSegments, kThere);
  builder.followup_works(experiment::kRepeat, kThere);
  EXPECT_FALSE(match_mtu(builder.build()).matched);
}

TEST(Mtu, AServerThatHangsStallsWithSmallSegmentsToo) {
  CaseBuilder builder = stalled(2);
  builder.followup(experiment::kSmallSegments, kThere)
      .then(Phase::greeting)
      .then(Phase::tls, Failure::timed_out);
  EXPECT_FALSE(match_mtu(builder.build()).matched);
  CaseBuilder alert("h:4000");
  alert.connect(kThere).then(Phase::greeting).then(Phase::tls, Failure::tls_alert);
  alert.followup_works(experiment::kSmallSegments, kThere);
  EXPECT_FALSE(match_mtu(alert.build()).matched);
}

TEST(TransparentProxy, EveryPortAcceptsAndNoneSpeaks) {
  CaseBuilder builder("h:4000");
  builder.connect(kThere).then(Phase::greeting, Failure::eof);
  EXPECT_FALSE(match_transparent_proxy(builder.build()).matched);
  builder.followup(experiment::kSecondPort, "10.0.0.1:3306").then(Phase::greeting, Failure::eof);
  EXPECT_FALSE(match_transparent_proxy(builder.build()).matched) << "one other port is too few";
  builder.followup(experiment::kSecondPort, "10.0.0.1:443").then(Phase::greeting, Failure::eof);
  const Verdict verdict = match_transparent_proxy(builder.build());
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_EQ(verdict.evidence.front(), 2);
  EXPECT_THAT(verdict.bindings, Contains(Pair("ports", "443, 3306")));
}

TEST(TransparentProxy, AClosedOrASpeakingPortSpeaksAgainstIt) {
  CaseBuilder closed("h:4000");
  closed.connect(kThere).then(Phase::greeting, Failure::not_mysql);
  closed.followup(experiment::kSecondPort, "10.0.0.1:3306").then(Phase::greeting, Failure::eof);
  closed.followup(experiment::kSecondPort, "10.0.0.1:443", Failure::refused);
  EXPECT_FALSE(match_transparent_proxy(closed.build()).matched);
  CaseBuilder speaks("h:4000");
  speaks.connect(kThere).then(Phase::greeting, Failure::eof);
  speaks.followup(experiment::kSecondPort, "10.0.0.1:443").then(Phase::greeting, Failure::eof);
  speaks.followup_works(experiment::kSecondPort, "10.0.0.1:3306");
  EXPECT_FALSE(match_transparent_proxy(speaks.build()).matched);
}

TEST(TransparentProxy, APortThatWasNotTriedToTheEndCountsNeitherWay) {
  CaseBuilder builder("h:4000");
  builder.connect(kThere).then(Phase::greeting, Failure::eof);
  builder.followup(experiment::kSecondPort, "10.0.0.1:3306").then(Phase::greeting, Failure::eof);
  builder.followup(experiment::kSecondPort, "10.0.0.1:443")
      .then(Phase::greeting, Failure::cancelled);
  EXPECT_FALSE(match_transparent_proxy(builder.build()).matched) << "one port is too few";
  builder.followup(experiment::kSecondPort, "10.0.0.1:80", Failure::local_limit);
  builder.followup(experiment::kSecondPort, "10.0.0.1:8080").then(Phase::greeting, Failure::eof);
  EXPECT_TRUE(match_transparent_proxy(builder.build()).matched);
}

TEST(DmsReserved, TheAddressAndThePurposeDecide) {
  const auto with = [](Purpose purpose, const std::string& endpoint) {
    return match_dms_reserved(CaseBuilder("h:1").purpose(purpose).works(endpoint).build());
  };
  EXPECT_EQ(with(Purpose::dms_target, "192.168.0.7:1").confidence, Confidence::certain);
  EXPECT_TRUE(with(Purpose::dms_source, "192.168.0.7:1").matched);
  EXPECT_FALSE(with(Purpose::dms_target, "192.168.1.7:1").matched);
  EXPECT_FALSE(with(Purpose::connect, "192.168.0.7:1").matched);
}

}  // namespace
}  // namespace plumb::tcp
