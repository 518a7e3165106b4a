#include "probe/diagnose/diagnose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checks/dns/causes.hpp"
#include "checks/tcp/causes.hpp"
#include "probe/diagnose/cross_causes.hpp"
#include "probe/diagnose/ruled_out.hpp"
#include "tests/support/case_builder.hpp"
#include "tests/support/cause_rows.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using test::holds_at;
using test::row;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<const Cause*> path_causes() {
  std::vector<const Cause*> all;
  for (const auto causes : {dns_causes(), tcp_causes(), cross_causes()})
    for (const Cause& cause : causes) all.push_back(&cause);
  return all;
}

const std::vector<const Cause*>& path_causes_kept() {
  static const std::vector<const Cause*> all = path_causes();
  return all;
}

Diagnosis of(const CaseBuilder& builder) { return diagnose(builder.build(), path_causes_kept()); }

std::vector<RuledOut> others(const CaseBuilder& builder) {
  return ruled_out(builder.build(), of(builder));
}

std::vector<std::string> ids(const Diagnosis& diagnosis) {
  std::vector<std::string> out;
  for (const Finding& finding : diagnosis.findings) out.push_back(finding.id);
  return out;
}

TEST(Diagnose, AHealthyTargetIsOkWithEveryCauseRuledOut) {
  CaseBuilder well("h:1");
  well.resolved({"10.0.0.1"}).works("10.0.0.1:1");
  const Diagnosis diagnosis = of(well);
  EXPECT_EQ(diagnosis.outcome, Outcome::ok);
  EXPECT_THAT(diagnosis.findings, IsEmpty());
  EXPECT_EQ(diagnosis.cause(), "");
  EXPECT_EQ(others(well).size(), path_causes().size());
  for (const RuledOut& row : others(well)) EXPECT_FALSE(row.because.empty()) << row.id;
}

TEST(Diagnose, ASilentEndpointGivesTheRankedCandidates) {
  const Diagnosis diagnosis =
      of(CaseBuilder("h:4000").resolved({"10.0.0.1"}).timed_out("10.0.0.1:4000"));
  EXPECT_EQ(diagnosis.outcome, Outcome::failed);
  EXPECT_THAT(ids(diagnosis),
              ElementsAre("tcp-endpoint-sg-blocks-port", "tcp-endpoint-default-sg",
                          "tcp-endpoint-rejected-or-deleted", "tcp-wrong-port-silent-drop",
                          "tcp-client-sg-egress-blocked", "tcp-nacl-blocks-forward",
                          "tcp-nacl-blocks-ephemeral-return", "tcp-target-sg-missing-nlb",
                          "tcp-nlb-sg-enforced-on-privatelink", "tcp-target-ip-stale",
                          "tcp-nlb-target-unhealthy", "tcp-no-route", "tcp-local-firewall"));
  const Finding& root = diagnosis.findings.front();
  EXPECT_EQ(root.confidence, Confidence::possible);
  EXPECT_THAT(root.summary, HasSubstr("10.0.0.1:4000"));
  EXPECT_THAT(root.remedy.front().command, HasSubstr("--port 4000 "));
  EXPECT_THAT(root.decide_by, ElementsAre(HasSubstr("tcp/4000")));
}

TEST(Diagnose, AWrongAddressIsTheRootAndItsSilenceAConsequence) {
  CaseBuilder builder("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-private-aws").resolved({"192.0.2.1"}).timed_out("192.0.2.1:4000");
  builder.followup_asked(experiment::kCloudResolver, "169.254.169.253:53", {"192.0.2.1"});
  const Diagnosis diagnosis = of(builder);
  EXPECT_EQ(diagnosis.cause(), "dns-resolves-to-public-ip");
  for (const Finding& finding : diagnosis.findings) EXPECT_EQ(finding.layer, Layer::dns);
  EXPECT_THAT(diagnosis.set_aside,
              Contains(ResultOf([](const RuledOut& row) { return row.reason(); },
                                HasSubstr("a consequence of dns-")))
                  .Times(13));
}

TEST(Diagnose, BehindAnAddressThatIsOnlyLikelyWrongTheSilenceHasItsCandidates) {
  CaseBuilder builder("gateway01-privatelink.us-east-1.prod.aws.tidbcloud.com");
  builder.profile("tidb-starter-private-aws").resolved({"192.0.2.1"}).timed_out("192.0.2.1:4000");
  const Diagnosis diagnosis = of(builder);
  EXPECT_EQ(diagnosis.cause(), "dns-resolves-to-public-ip");
  EXPECT_THAT(ids(diagnosis), Contains("tcp-endpoint-sg-blocks-port"));
  EXPECT_THAT(diagnosis.findings[0].evidence, ElementsAre(2, 3)) << "they compete";
}

TEST(Diagnose, ADeadZoneBesideAWorkingOneDegrades) {
  const Diagnosis diagnosis = of(CaseBuilder("h:1").refused("10.0.0.1:1").works("10.0.1.1:1"));
  EXPECT_EQ(diagnosis.outcome, Outcome::degraded);
  EXPECT_THAT(ids(diagnosis), ElementsAre("tcp-partial-az-failure", "tcp-nlb-no-target-in-az"));
  EXPECT_EQ(diagnosis.findings[1].severity, Severity::info);
  EXPECT_EQ(diagnosis.cause(), "tcp-partial-az-failure");
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::warning);
}

TEST(Diagnose, ADeadResolverBesideAWorkingOneDegrades) {
  CaseBuilder builder("h:1");
  builder.asked("10.0.0.2:53", {}, Failure::timed_out)
      .asked("10.0.0.3:53", {"10.0.0.1"})
      .view({"10.0.0.1"});
  const Diagnosis diagnosis = of(builder.works("10.0.0.1:1"));
  EXPECT_EQ(diagnosis.outcome, Outcome::degraded);
  EXPECT_EQ(diagnosis.cause(), "dns-resolver-timeout");
  EXPECT_THAT(diagnosis.findings[0].summary, HasSubstr("10.0.0.2:53"));
}

TEST(Diagnose, WhatAnAddressSaysItselfComesBeforeASilentNeighbour) {
  CaseBuilder builder("h:1");
  builder.timed_out("10.0.0.1:1").connect("10.0.1.1:1").then(Phase::greeting, Failure::mysql_error);
  const Cause blocked = row("mysql-host-blocked-1129", holds_at<3>);
  std::vector<const Cause*> all = path_causes();
  all.push_back(&blocked);
  EXPECT_THAT(ids(diagnose(builder.build(), all)),
              ElementsAre("mysql-host-blocked-1129", "tcp-partial-az-failure",
                          "tcp-nlb-no-target-in-az", "tcp-nacl-blocks-forward"));
}

TEST(Diagnose, WhatNobodyExplainsIsUnclassifiedWithItsRawError) {
  CaseBuilder builder("h:1");
  builder.connect("10.0.0.1:1")
      .then(Phase::greeting, Failure::malformed_packet)
      .raw("packet of 0 bytes");
  const Diagnosis diagnosis = of(builder);
  EXPECT_EQ(diagnosis.outcome, Outcome::failed);
  ASSERT_THAT(ids(diagnosis), ElementsAre("unclassified"));
  EXPECT_EQ(diagnosis.findings[0].layer, Layer::mysql);
  EXPECT_THAT(diagnosis.findings[0].summary, HasSubstr("packet of 0 bytes"));
  EXPECT_THAT(diagnosis.findings[0].evidence, ElementsAre(2));
  EXPECT_THAT(others(builder), Not(Contains(Field(&RuledOut::id, "unclassified"))));
}

TEST(Diagnose, OursIsUnknownAndNeverAnError) {
  CaseBuilder nowhere("h");
  nowhere.local({}, false).unresolved(Failure::timed_out);
  const Diagnosis diagnosis = of(nowhere);
  EXPECT_EQ(diagnosis.outcome, Outcome::unknown);
  EXPECT_THAT(ids(diagnosis), ElementsAre("client-no-network"));
  EXPECT_EQ(diagnosis.cause(), "");
  const Diagnosis limit =
      of(CaseBuilder("h:1").refused("10.0.0.1:1").connect("10.0.0.2:1", Failure::local_limit));
  EXPECT_EQ(limit.outcome, Outcome::unknown);
  for (const Finding& finding : limit.findings)
    EXPECT_LT(finding.severity, Severity::error) << finding.id;
}

TEST(Diagnose, WhoeverGetsThroughIsNotKeptOutByANeighbour) {
  CaseBuilder builder("h:1");
  builder.works("10.0.0.1:1").connect("10.0.1.1:1").then(Phase::greeting, Failure::mysql_error);
  const Cause blocked = row("blocked", holds_at<6>);
  const Cause expiring = row("expiring", holds_at<3>);
  const Cause* rows[] = {&blocked, &expiring};
  const Diagnosis diagnosis = diagnose(builder.build(), rows);
  EXPECT_EQ(diagnosis.outcome, Outcome::degraded);
  EXPECT_THAT(ids(diagnosis), ElementsAre("expiring", "blocked"));
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::error) << "no failure: its own judgement";
  EXPECT_EQ(diagnosis.findings[1].severity, Severity::warning);
}

TEST(Diagnose, AnInfoLeavesTheOutcomeOk) {
  CaseBuilder builder("h:1");
  builder.works("10.0.0.1:1").connect("[2001:db8::1]:1", Failure::net_unreachable);
  const Diagnosis diagnosis = of(builder);
  EXPECT_EQ(diagnosis.outcome, Outcome::ok);
  EXPECT_THAT(ids(diagnosis), ElementsAre("dns-aaaa-only-or-unusable-family"));
}

// A row that stands on the session, at the severity of the test.
constexpr std::string_view kNoSteps = "";
const Cause& session_row() {
  static constexpr RemedyTemplate kRemedy[] = {{"own", kNoSteps, {}, Cloud::unknown, "mysql"},
                                               {"rds", kNoSteps, {}, Cloud::unknown, "rds"}};
  static const Cause row{
      .id = "session-test",
      .layer = Layer::session,
      .severity = Severity::error,
      .owner = Owner::dba,
      .title = "t",
      .shows_as = "s",
      .summary = "s",
      .remedy = kRemedy,
      .look_alikes = "",
      .decide_by = "",
      .source = "s",
      .match = [](const Case& about) {
        for (const Observation& seen : about.evidence.observations)
          if (seen.phase == Phase::session && !seen.failure)
            return Verdict::yes(Confidence::certain, Severity::error, {seen.n}, {{"kind", "rds"}});
        return Verdict::no("no session");
      }};
  return row;
}

Diagnosis with_session(Purpose purpose, std::optional<Failure> failure) {
  CaseBuilder builder("h:1");
  builder.purpose(purpose).resolved({"10.0.0.1"}).works("10.0.0.1:1").then(Phase::session, failure);
  const std::vector<const Cause*> rows{&session_row()};
  return diagnose(builder.build(), rows);
}

TEST(Diagnose, WhatDefeatsThePurposeIsAFailureThoughTheClientGetsThrough) {
  const Diagnosis diagnosis = with_session(Purpose::dms_source, {});
  EXPECT_EQ(diagnosis.outcome, Outcome::failed);
  ASSERT_EQ(diagnosis.findings.size(), 1U);
  ASSERT_EQ(diagnosis.findings[0].remedy.size(), 1U);
  EXPECT_EQ(diagnosis.findings[0].remedy[0].text, "rds");
  EXPECT_EQ(with_session(Purpose::connect, {}).outcome, Outcome::degraded);
}

TEST(Diagnose, APurposeThatNobodyCouldLookIntoIsUnknown) {
  EXPECT_EQ(with_session(Purpose::dms_source, Failure::not_visible).outcome, Outcome::unknown);
  EXPECT_EQ(with_session(Purpose::connect, Failure::not_visible).outcome, Outcome::ok);
  CaseBuilder none("h:1");
  none.purpose(Purpose::dms_target).resolved({"10.0.0.1"}).works("10.0.0.1:1");
  EXPECT_EQ(of(none).outcome, Outcome::unknown);
  none.connect("10.0.0.2:1", Failure::refused);
  EXPECT_EQ(of(none).outcome, Outcome::unknown);
}

TEST(Diagnose, ServerTextNeverReachesACommand) {
  CaseBuilder builder("h:1");
  builder.refused("10.0.0.1:1").icmp(3, 3, "$(reboot)");
  const Diagnosis diagnosis = of(builder);
  ASSERT_THAT(ids(diagnosis), ElementsAre("tcp-icmp-admin-prohibited"));
  for (const Remedy& remedy : diagnosis.findings[0].remedy)
    EXPECT_THAT(remedy.command, Not(HasSubstr("reboot")));
}

}  // namespace
}  // namespace plumb
