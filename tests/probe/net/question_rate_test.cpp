#include "probe/net/question_rate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using Time = QuestionRate::Time;

const Endpoint kOne{Address::v4({10, 0, 0, 2}), 53}, kOther{Address::v4({10, 0, 0, 3}), 53};
constexpr Time kStart{std::chrono::hours(1)};

std::vector<Time> turns(QuestionRate& rate, int count, Time now) {
  std::vector<Time> all;
  for (int i = 0; i < count; ++i) all.push_back(rate.turn(kOne, now));
  return all;
}

TEST(QuestionRate, AFifthOfASecondsWorthLeavesAtOnce) {
  QuestionRate rate(500);
  const auto all = turns(rate, 101, kStart);
  EXPECT_EQ(std::count(all.begin(), all.end(), kStart), 100);
  EXPECT_GT(all.back(), kStart);
}

TEST(QuestionRate, AfterThatEachHasASlotAndLeavesWithinIt) {
  QuestionRate rate(500);
  turns(rate, 100, kStart);
  bool one_off_the_beat = false;
  for (int i = 0; i < 400; ++i) {
    const Time slot = kStart + (i + 1) * 2ms, mine = rate.turn(kOne, kStart);
    EXPECT_GE(mine, slot) << i;
    EXPECT_LT(mine, slot + 2ms) << i;
    one_off_the_beat = one_off_the_beat || mine != slot;
  }
  EXPECT_TRUE(one_off_the_beat) << "jitter";
}

TEST(QuestionRate, NoSecondSeesMoreThanTheRateAndOneBurst) {
  QuestionRate rate(500);
  std::vector<Time> sent;
  for (Time now = kStart; now < kStart + 5s; now += 1ms)
    for (int i = 0; i < 3; ++i) sent.push_back(rate.turn(kOne, now));
  std::sort(sent.begin(), sent.end());
  for (const Time from : {kStart, kStart + 1s, kStart + 2500ms}) {
    const auto first = std::lower_bound(sent.begin(), sent.end(), from);
    const auto last = std::lower_bound(sent.begin(), sent.end(), from + 1s);
    EXPECT_LE(last - first, 601);
    EXPECT_GE(last - first, 499);
  }
}

TEST(QuestionRate, APauseEarnsABurstAndNotMore) {
  QuestionRate rate(100);
  turns(rate, 50, kStart);
  const Time later = kStart + 1min;
  const auto all = turns(rate, 30, later);
  EXPECT_EQ(std::count(all.begin(), all.end(), later), 20);
}

TEST(QuestionRate, ResolversDoNotWaitForEachOther) {
  QuestionRate rate(10);
  turns(rate, 100, kStart);
  EXPECT_EQ(rate.turn(kOther, kStart), kStart);
  const Endpoint other_port{kOne.address, 5353};
  EXPECT_EQ(rate.turn(other_port, kStart), kStart);
}

TEST(QuestionRate, OneTargetNeverWaitsHoweverLowTheRate) {
  QuestionRate rate(0.5);
  const auto all = turns(rate, 13, kStart);
  EXPECT_EQ(std::count(all.begin(), all.end(), kStart), 12);
  EXPECT_GE(all.back(), kStart + 2s);
}

TEST(QuestionRate, NoRateIsNoLimit) {
  QuestionRate rate(0);
  const auto all = turns(rate, 10'000, kStart);
  EXPECT_EQ(std::count(all.begin(), all.end(), kStart), 10'000);
}

}  // namespace
}  // namespace plumb::net
