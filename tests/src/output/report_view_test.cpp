#include "src/output/report_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/sample_evidence.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;
using testing::HasSubstr;
using testing::Not;

TEST(Ranked, CandidatesOfTheRootAreRivals) {
  const Ranked parts = ranked(sample("silent-syn").diagnosis);
  ASSERT_TRUE(parts.root);
  EXPECT_EQ(parts.root->id, "tcp-endpoint-sg-blocks-port");
  ASSERT_EQ(parts.rivals.size(), 2U);
  EXPECT_EQ(parts.rivals[1]->id, "tcp-nacl-blocks-forward");
  EXPECT_TRUE(parts.others.empty());
}

TEST(Ranked, BesideACertainRootEverythingIsIndependent) {
  const Ranked parts = ranked(sample("expired-and-wrong-name").diagnosis);
  EXPECT_TRUE(parts.rivals.empty());
  ASSERT_EQ(parts.others.size(), 1U);
  EXPECT_EQ(parts.others[0]->id, "tls-hostname-mismatch");
}

TEST(Ranked, OtherEvidenceOrCertaintyEndsTheCandidates) {
  Diagnosis diagnosis = sample("silent-syn").diagnosis;
  diagnosis.findings[1].evidence = {1};
  EXPECT_EQ(ranked(diagnosis).rivals.size(), 0U);
  EXPECT_EQ(ranked(diagnosis).others.size(), 2U);
  EXPECT_EQ(ranked(sample("dead-zone").diagnosis).others.size(), 1U);
}

TEST(Ranked, AnOkReportHasNoRoot) {
  Diagnosis diagnosis = sample("dead-zone").diagnosis;
  diagnosis.outcome = Outcome::ok;
  EXPECT_FALSE(ranked(diagnosis).root);
  EXPECT_EQ(ranked(diagnosis).others.size(), 2U);
  EXPECT_FALSE(ranked(Diagnosis{}).root);
}

TEST(TargetName, HasThePortThatWasProbedAndBracketsWhereNeeded) {
  Case about = test::sample_case("db.example.com", "mysql", Micros{1});
  EXPECT_EQ(target_name(about), "db.example.com:4000");
  about.target.port.reset();
  EXPECT_EQ(target_name(about), "db.example.com");
  about.profile = find_profile("mariadb");
  about.target.host = "2001:db8::1";
  EXPECT_EQ(target_name(about), "[2001:db8::1]:3306");
}

TEST(Headline, AnUnverifiedCertificateIsTlsAllTheSame) {
  Report report = sample("healthy");
  for (Observation& seen : report.about.evidence.observations) {
    if (seen.phase != Phase::tls) continue;
    EXPECT_THAT(headline(report), HasSubstr("; certificate verified for "));
    seen.failure = Failure::certificate_untrusted;
    seen.facts.set(key::tls_chain_ok, false);
  }
  EXPECT_THAT(headline(report), HasSubstr(" over TLS 1.3; certificate not verified."));
}

TEST(OutcomeOf, SaysWhatEachPhaseCameTo) {
  EXPECT_EQ(outcome_of(test::resolved("h", {"10.0.0.1", "10.0.0.2"})), "10.0.0.1, 10.0.0.2");
  EXPECT_EQ(outcome_of(test::connected("10.0.0.1:4000", 1, 5)), "connected");
  EXPECT_EQ(outcome_of(test::silent("10.0.0.1:4000", 1)), "no answer");
  EXPECT_EQ(outcome_of(test::greeted("10.0.0.1:4000", 1)), "tidb 8.5.3");
  EXPECT_EQ(outcome_of(test::secured("10.0.0.1:4000", 1, "h")), "TLS 1.3, verified");
}

TEST(OutcomeOf, ShowsTheVersionThatTheServerIs) {
  const auto shown = [](const std::string& flavor, const std::string& version) {
    Observation seen = test::greeted("10.0.0.1:3306", 1);
    seen.facts.set(mysql::key::flavor, flavor);
    seen.facts.set(mysql::key::version, version);
    return outcome_of(seen);
  };
  EXPECT_EQ(shown("mariadb", "5.5.5-10.11.19-MariaDB-0+deb12u1"), "mariadb 10.11.19");
  EXPECT_EQ(shown("mariadb", "11.4.2-MariaDB"), "mariadb 11.4.2");
  EXPECT_EQ(shown("tidb", "8.0.11-TiDB-v7.5.2-serverless"), "tidb 7.5.2-serverless");
  EXPECT_EQ(shown("mysql", "5.5.5-m1"), "mysql 5.5.5-m1");
  EXPECT_EQ(shown("unknown", "5.5.5-10.1-MariaDB"), "5.5.5-10.1-MariaDB");
}

TEST(Numbers, WritesRunsShort) {
  EXPECT_EQ(numbers({}), "");
  EXPECT_EQ(numbers({3}), "3");
  EXPECT_EQ(numbers({4, 3}), "3, 4");
  EXPECT_EQ(numbers({9, 1, 4, 5, 6, 7, 12, 13}), "1, 4-7, 9, 12, 13");
}

TEST(OutcomeOf, AnErrorPacketSpeaksForItself) {
  Observation seen = test::logged_in("10.0.0.1:4000", 1);
  seen.failure = Failure::mysql_error;
  seen.facts.set(mysql::key::error_code, std::int64_t{1129});
  seen.facts.set(mysql::key::error_text, std::string("Host is blocked"));
  EXPECT_EQ(outcome_of(seen), "error 1129: Host is blocked");
}

TEST(OutcomeOf, NamesTheDeviceThatRefused) {
  Observation seen = test::silent("10.0.0.1:4000", 1);
  seen.failure = Failure::admin_prohibited;
  seen.facts.set(key::tcp_icmp_from, std::string("10.0.0.254"));
  EXPECT_EQ(outcome_of(seen), "prohibited, says 10.0.0.254");
}

TEST(OutcomeOf, HasWordsForEveryFailure) {
  for (std::size_t i = 0; i < Names<Failure>::list.size(); ++i) {
    Observation seen;
    seen.failure = static_cast<Failure>(i);
    EXPECT_FALSE(outcome_of(seen).empty()) << Names<Failure>::list[i];
  }
  Observation cancelled;
  cancelled.failure = Failure::cancelled;
  EXPECT_EQ(outcome_of(cancelled), "cancelled");
}

TEST(Duration, IsReadableAtEveryScale) {
  EXPECT_EQ(duration(Micros(412)), "0.4 ms");
  EXPECT_EQ(duration(Micros(24731)), "25 ms");
  EXPECT_EQ(duration(Micros(7000412)), "7.00 s");
}

TEST(Headline, OfAHealthyTargetSaysWhatAnswered) {
  EXPECT_EQ(headline(sample("healthy")),
            "Answers as tidb 8.5.3 over TLS 1.3; certificate verified for "
            "privatelink-19283.q9xkz.clusters.tidb-cloud.com, valid until 2027-01-19.");
  EXPECT_EQ(headline(sample("silent-syn")), sample("silent-syn").diagnosis.findings[0].summary);
}

TEST(Headline, SaysWhatASessionWasHeldFor) {
  Report report;
  static const Profile profile{.name = "mysql", .title = "", .host_pattern = ""};
  report.about.profile = &profile;
  report.about.policy.account = "dms";
  report.diagnosis.outcome = Outcome::ok;
  Observation session;
  session.phase = Phase::session;
  report.about.evidence.add(session);
  EXPECT_THAT(headline(report), Not(HasSubstr("session")));
  report.about.purpose = Purpose::dms_source;
  EXPECT_THAT(headline(report), HasSubstr("as dms: nothing that dms-source needs is missing."));
}

TEST(OutcomeOf, ASessionTellsWhereTheBinaryLogStands) {
  Observation session;
  session.phase = Phase::session;
  session.facts.set(session::key::version, std::string("9.7.4"));
  session.facts.set(session::key::binlog_file, std::string("binlog.000002"));
  session.facts.set(session::key::binlog_position, std::int64_t{157});
  session.facts.set(session::key::gtid_mode, std::string("ON"));
  EXPECT_EQ(outcome_of(session), "9.7.4, binlog.000002:157, gtid_mode ON");
}

}  // namespace
}  // namespace plumb::output
