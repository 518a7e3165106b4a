#include "probe/diagnose/match.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "tests/support/case_builder.hpp"
#include "tests/support/cause_rows.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using test::holds_at;
using test::never;
using test::row;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids(const Matches& matches) {
  std::vector<std::string> out;
  for (const Match& match : matches.holding) out.emplace_back(match.cause->id);
  return out;
}

std::string because(const Matches& matches, std::string_view id) {
  for (const RuledOut& row : matches.set_aside)
    if (row.id == id) return row.reason();
  return "not ruled out";
}

Matches matches_of(const Case& about, std::initializer_list<const Cause*> rows) {
  return match_all(about, judge_passage(about), std::vector<const Cause*>(rows));
}

TEST(Match, WhatDoesNotHoldSaysWhy) {
  const Case about = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  const Cause a = row("a", holds_at<1>), b = row("b", never);
  EXPECT_THAT(ids(matches_of(about, {&a, &b})), ElementsAre("a"));
  EXPECT_EQ(ask(about, b).because, "it never does");
}

TEST(Match, WhatNeedsASignThatDoesNotShowIsNotAsked) {
  Cause a = row("a", [](const Case&) -> Verdict { throw std::logic_error("it was asked"); });
  a.needs = sign::failed(Phase::connect) | sign::seen(Phase::session);
  EXPECT_THAT(ids(matches_of(CaseBuilder("h:1").works("10.0.0.1:1").build(), {&a})), IsEmpty());
  EXPECT_THROW(matches_of(CaseBuilder("h:1").refused("10.0.0.1:1").build(), {&a}),
               std::logic_error);
}

TEST(Match, AMatchWithoutEvidenceDoesNotCount) {
  const Case about = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  const Cause beyond = row("beyond", holds_at<7>);
  const Cause bare = row(
      "bare", [](const Case&) { return Verdict::yes(Confidence::certain, Severity::error, {}); });
  EXPECT_THAT(ids(matches_of(about, {&beyond, &bare})), IsEmpty());
}

TEST(Match, SupersededIsDroppedAlsoThroughACauseThatDoesNotHold) {
  const Case about = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  static constexpr std::string_view kB[] = {"b"}, kC[] = {"c"};
  const Cause a = row("a", holds_at<1>, kB), b = row("b", never, kC), c = row("c", holds_at<1>);
  const Matches matches = matches_of(about, {&a, &b, &c});
  EXPECT_THAT(ids(matches), ElementsAre("a"));
  EXPECT_EQ(because(matches, "c"), "explained by a");
}

TEST(Match, ACauseNeverExplainsItselfAway) {
  const Case about = CaseBuilder("h:1").refused("10.0.0.1:1").build();
  static constexpr std::string_view kA[] = {"a"};
  const Cause a = row("a", holds_at<1>, kA);
  EXPECT_THAT(ids(matches_of(about, {&a})), ElementsAre("a"));
}

TEST(Match, WhatLiesBehindAWrongAddressIsItsConsequence) {
  const Case about = CaseBuilder("h:1").resolved({"192.0.2.1"}).timed_out("192.0.2.1:1").build();
  const Cause address = row("address", holds_at<2>), silence = row("silence", holds_at<3>);
  const Matches matches = matches_of(about, {&silence, &address});
  EXPECT_THAT(ids(matches), ElementsAre("address"));
  EXPECT_EQ(because(matches, "silence"), "a consequence of address");
}

TEST(Match, UnderAnUncertainRootTheLaterCandidatesStandAndShareItsStop) {
  const Case about = CaseBuilder("h:1").resolved({"192.0.2.1"}).timed_out("192.0.2.1:1").build();
  const Cause address = row("address", holds_at<2, Confidence::likely>);
  const Cause silence = row("silence", holds_at<3, Confidence::possible>);
  const Matches matches = matches_of(about, {&silence, &address});
  EXPECT_THAT(ids(matches), ElementsAre("silence", "address"));
  EXPECT_THAT(matches.holding.back().verdict.evidence, ElementsAre(2, 3));
}

TEST(Match, WhatDoesNotKeepOutHasNoConsequences) {
  const Case about = CaseBuilder("h:1").resolved({"192.0.2.1"}).timed_out("192.0.2.1:1").build();
  const Cause note = row("note", holds_at<2, Confidence::certain, Severity::warning>);
  const Cause silence = row("silence", holds_at<3>);
  EXPECT_THAT(ids(matches_of(about, {&note, &silence})), ElementsAre("note", "silence"));
}

TEST(Match, FaultsOfOneObservationAndBehindARecordedOneStand) {
  CaseBuilder builder("h:1");
  builder.tls_policy(TlsMode::verify_full)
      .connect("10.0.0.1:1")
      .then(Phase::greeting)
      .tls(false, false, false);
  builder.login("anonymous", Failure::mysql_error);
  const Cause expired = row("expired", holds_at<3>), name = row("name", holds_at<3>),
              full = row("full", holds_at<4>);
  EXPECT_THAT(ids(matches_of(builder.build(), {&expired, &name, &full})),
              ElementsAre("expired", "name", "full"));
}

TEST(Match, APortThatIsNotTheTargetsIsNoFault) {
  const Case about = CaseBuilder("h").refused("10.0.0.1:4000").works("10.0.0.1:3306").build();
  const Cause closed = row("closed", holds_at<1>);
  const Matches matches = matches_of(about, {&closed});
  EXPECT_THAT(ids(matches), IsEmpty());
  EXPECT_EQ(because(matches, "closed"), "not on the port that answers");
}

}  // namespace
}  // namespace plumb
