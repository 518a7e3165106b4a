#include "probe/diagnose/rank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tests/support/case_builder.hpp"
#include "tests/support/cause_rows.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using test::holds_at;
using test::row;
using testing::ElementsAre;

constexpr auto kCertain = Confidence::certain;
constexpr auto kPossible = Confidence::possible;

// In whatever order the catalogue holds them, the order of the findings is the same.
std::vector<std::string> ranked(const Case& about, std::vector<const Cause*> rows) {
  const Passage passage = judge_passage(about);
  std::vector<std::string> first;
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    Matches matches = match_all(about, passage, rows);
    rank(about, passage, matches.holding);
    std::vector<std::string> order;
    for (const Match& match : matches.holding) order.emplace_back(match.cause->id);
    if (first.empty()) first = order;
    EXPECT_EQ(order, first);
    std::shuffle(rows.begin(), rows.end(), random);
  }
  return first;
}

TEST(Rank, CandidatesOfOneSilenceStandByRank) {
  const Case about = CaseBuilder("h:1").timed_out("10.0.0.1:1").build();
  const Cause third = row("third", holds_at<1, kPossible, Severity::error, 30>);
  const Cause first = row("first", holds_at<1, kPossible, Severity::error, 10>);
  const Cause second = row("second", holds_at<1, Confidence::likely, Severity::error, 20>);
  EXPECT_THAT(ranked(about, {&third, &first, &second}), ElementsAre("first", "second", "third"));
}

TEST(Rank, ACertainCauseComesBeforeTheCandidates) {
  const Case about = CaseBuilder("h:1").timed_out("10.0.0.1:1").build();
  const Cause guess = row("guess", holds_at<1, kPossible, Severity::error, 1>);
  const Cause sure = row("sure", holds_at<1, kCertain>);
  EXPECT_THAT(ranked(about, {&guess, &sure}), ElementsAre("sure", "guess"));
}

TEST(Rank, TheAddressThatCameFurthestNamesTheRoot) {
  const Case about = CaseBuilder("h:1")
                         .timed_out("10.0.0.1:1")
                         .connect("10.0.0.2:1")
                         .then(Phase::greeting, Failure::mysql_error)
                         .build();
  const Cause silence = row("silence", holds_at<1>), blocked = row("blocked", holds_at<3>);
  EXPECT_THAT(ranked(about, {&silence, &blocked}), ElementsAre("blocked", "silence"));
}

TEST(Rank, BehindAnUncertainRootItsRivalsStandTogether) {
  const Case about = CaseBuilder("h:1").resolved({"10.0.0.1"}).refused("10.0.0.1:1").build();
  const Cause root = row(
      "root", +[](const Case&) -> Verdict {
        return Verdict::yes(Confidence::likely, Severity::error, {2, 3});
      });
  const Cause sure = row("sure", holds_at<3, kCertain>),
              rival = row("rival", holds_at<3, kPossible>);
  EXPECT_THAT(ranked(about, {&sure, &rival, &root}), ElementsAre("root", "rival", "sure"));
}

TEST(Rank, IndependentFindingsStandBySeverityThenAlongThePath) {
  CaseBuilder builder("h:1");
  builder.resolved({"10.0.0.1"}).works("10.0.0.1:1");
  const Cause info = row("info", holds_at<1, kCertain, Severity::info>);
  const Cause late = row("late", holds_at<5, kCertain, Severity::warning>);
  const Cause early = row("early", holds_at<2, kCertain, Severity::warning>);
  const Cause worst = row("worst", holds_at<5, kCertain, Severity::error>);
  EXPECT_THAT(ranked(builder.build(), {&info, &late, &early, &worst}),
              ElementsAre("worst", "early", "late", "info"));
}

TEST(Rank, OnlyAnErrorExplainsAStop) {
  const Case about = CaseBuilder("h:1").timed_out("10.0.0.1:1").build();
  const Passage passage = judge_passage(about);
  const Cause any = row("any", holds_at<1>);
  EXPECT_TRUE(explains_stop(about, passage, {&any, holds_at<1>(about), 0}));
  EXPECT_FALSE(
      explains_stop(about, passage, {&any, holds_at<1, kCertain, Severity::warning>(about), 0}));
}

}  // namespace
}  // namespace plumb
