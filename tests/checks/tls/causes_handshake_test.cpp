#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checks/mysql/facts.hpp"
#include "checks/tls/causes.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::failed_tls;
using test::judge;
using ::testing::ElementsAre;

Case with(const Observation& seen, TlsMode mode = TlsMode::preferred) {
  Case about = test::tls_case(mode);
  about.evidence.add(seen);
  return about;
}

Observation alerted(int number, bool asked_for_certificate = false) {
  Observation seen = failed_tls(number == 70 ? Failure::tls_protocol : Failure::tls_alert);
  seen.facts.set(key::tls_alert, std::int64_t{number});
  if (asked_for_certificate) seen.facts.set(key::tls_client_cert_requested, true);
  return seen;
}

std::vector<std::string> matching(const Case& about) {
  std::vector<std::string> ids;
  for (const Cause& cause : handshake_causes())
    if (cause.match(about).matched) ids.emplace_back(cause.id);
  return ids;
}

TEST(CausesHandshake, AServerWithoutTlsMattersWhereItIsRequired) {
  const Observation seen = failed_tls(Failure::tls_not_offered);
  EXPECT_THAT(matching(with(seen)), ElementsAre("tls-server-without-ssl"));
  EXPECT_EQ(judge(with(seen, TlsMode::preferred), "tls-server-without-ssl").severity,
            Severity::info);
  EXPECT_EQ(judge(with(seen, TlsMode::required), "tls-server-without-ssl").severity,
            Severity::error);
}

TEST(CausesHandshake, AManagedServiceThatOffersNoTlsMayBeAnotherServer) {
  Case about = with(failed_tls(Failure::tls_not_offered), TlsMode::required);
  for (const auto& [profile, sure] :
       {std::pair{"mysql", Confidence::certain}, std::pair{"alibaba-rds", Confidence::certain},
        std::pair{"rds-direct", Confidence::likely}, std::pair{"aurora-direct", Confidence::likely},
        std::pair{"heatwave-private", Confidence::likely},
        std::pair{"tidb-dedicated-private", Confidence::likely}}) {
    about.profile = find_profile(profile);
    EXPECT_EQ(judge(about, "tls-server-without-ssl").confidence, sure) << profile;
  }
}

TEST(CausesHandshake, TheVersionByAlertOrByOpenSsl) {
  EXPECT_THAT(matching(with(alerted(70))), ElementsAre("tls-protocol-version"));
  EXPECT_EQ(judge(with(alerted(70)), "tls-protocol-version").confidence, Confidence::certain);
  const Case ours =
      with(failed_tls(Failure::tls_protocol, "error:0A000102:SSL routines::unsupported protocol"));
  EXPECT_EQ(judge(ours, "tls-protocol-version").confidence, Confidence::certain);
  const Case garbage =
      with(failed_tls(Failure::tls_protocol, "error:0A00010B:SSL routines::wrong version number"));
  const Verdict verdict = judge(garbage, "tls-protocol-version");
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_FALSE(verdict.decide_by.empty());
}

TEST(CausesHandshake, Alert40BeforeACipherIsTheCipher) {
  EXPECT_THAT(matching(with(alerted(40))), ElementsAre("tls-no-shared-cipher"));
  EXPECT_THAT(matching(with(alerted(71))), ElementsAre("tls-no-shared-cipher"));
  Observation later = alerted(40);
  later.facts.set(key::tls_cipher, std::string("TLS_AES_128_GCM_SHA256"));
  EXPECT_TRUE(matching(with(later)).empty());
}

TEST(CausesHandshake, AClientCertificateIsDemandedInBothVersions) {
  EXPECT_THAT(matching(with(alerted(40, true))), ElementsAre("tls-client-cert-required"));
  EXPECT_EQ(judge(with(alerted(40, true)), "tls-client-cert-required").confidence,
            Confidence::likely);
  Case about = with(test::good_tls());
  Observation login =
      failed_tls(Failure::tls_alert, "alert 116 certificate_required: error:0A00045C");
  login.phase = Phase::login;
  login.after = 1;
  about.evidence.add(login);
  const Verdict verdict = judge(about, "tls-client-cert-required");
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_THAT(verdict.evidence, ElementsAre(2));
}

// TiDB 8.5.3 on a certificate of a CA it does not know: TLS 1.3 completes for us, and the alert comes in the login.
TEST(CausesHandshake, AStrangersClientCertificateIsRefusedDuringTheLogin) {
  for (const bool asked : {true, false}) {
    test::CaseBuilder about("db.example.com:3306");
    about.connect("10.0.0.1:3306").then(Phase::greeting).tls(true, true, true);
    if (asked) about.fact(key::tls_client_cert_requested, true);
    about.login("anonymous", Failure::tls_alert).fact(key::tls_alert, std::int64_t{48});
    const Verdict verdict = judge(about.build(), "tls-client-cert-required");
    EXPECT_EQ(verdict.matched, asked);
    if (asked) {
      EXPECT_EQ(verdict.confidence, Confidence::likely);
    }
  }
}

TEST(CausesHandshake, ARequestAloneIsNoDemand) {
  Observation seen = test::good_tls();
  seen.facts.set(key::tls_client_cert_requested, true);
  EXPECT_TRUE(matching(with(seen)).empty());
}

TEST(CausesHandshake, ACutIsLikelySilenceIsPossible) {
  for (const Failure failure : {Failure::tls_eof, Failure::reset})
    EXPECT_EQ(judge(with(failed_tls(failure)), "tls-eof-during-handshake").confidence,
              Confidence::likely);
  EXPECT_EQ(judge(with(failed_tls(Failure::timed_out)), "tls-eof-during-handshake").confidence,
            Confidence::possible);
}

TEST(CausesHandshake, EveryAddressIsNamedAndAWorkingOneSoftens) {
  Case about = with(failed_tls(Failure::tls_eof));
  about.evidence.add(failed_tls(Failure::tls_eof, "", "10.0.1.1:3306"));
  EXPECT_EQ(judge(about, "tls-eof-during-handshake").severity, Severity::error);
  EXPECT_THAT(judge(about, "tls-eof-during-handshake").evidence, ElementsAre(1, 2));
  about.evidence.add(test::good_tls("10.0.2.1:3306"));
  EXPECT_EQ(judge(about, "tls-eof-during-handshake").severity, Severity::warning);
}

TEST(CausesHandshake, OtherTriesTellTlsFromThePath) {
  constexpr const char* kAt = "10.0.0.1:3306";
  constexpr const char* kCut = "tls-eof-during-handshake";
  test::CaseBuilder about("db.example.com:3306");
  about.connect(kAt).then(Phase::greeting).then(Phase::tls, Failure::tls_eof);
  test::CaseBuilder answered = about, broke = about, small = about;
  answered.followup(experiment::kWithoutTls, kAt).then(Phase::greeting).login();
  EXPECT_EQ(judge(answered.build(), kCut).confidence, Confidence::likely);
  EXPECT_LT(judge(answered.build(), kCut).rank, judge(about.build(), kCut).rank);
  broke.followup(experiment::kWithoutTls, kAt)
      .then(Phase::greeting)
      .login("anonymous", Failure::eof);
  EXPECT_EQ(judge(broke.build(), kCut).confidence, Confidence::possible);
  EXPECT_GT(judge(broke.build(), kCut).rank, judge(about.build(), kCut).rank);
  broke.fact(mysql::key::error_text, std::string("Proxy header is not accepted from 10.0.30.1"));
  EXPECT_FALSE(judge(broke.build(), kCut).matched) << "the server has said what breaks";
  small.followup_works(experiment::kSmallSegments, kAt);
  EXPECT_FALSE(judge(small.build(), kCut).matched);
}

TEST(CausesHandshake, AnErrorPacketInPlaceOfTlsIsNoOtherVersion) {
  test::CaseBuilder about("db.example.com:3306");
  about.connect("10.0.0.1:3306").then(Phase::greeting).then(Phase::tls, Failure::tls_protocol);
  EXPECT_EQ(judge(about.build(), "tls-protocol-version").confidence, Confidence::possible);
  about.fact(mysql::key::error_code, std::int64_t{1130});
  EXPECT_FALSE(judge(about.build(), "tls-protocol-version").matched);
}

TEST(CausesHandshake, ARefusedAccountMayLackTheCertificateThatWasAskedFor) {
  test::CaseBuilder about("db.example.com:3306");
  about.connect("10.0.0.1:3306").then(Phase::greeting).tls(true, true, true);
  test::CaseBuilder asked = about;
  asked.fact(key::tls_client_cert_requested, true);
  for (test::CaseBuilder* each : {&about, &asked})
    each->login("account", Failure::mysql_error)
        .fact(mysql::key::error_code, std::int64_t{1045})
        .fact(mysql::key::login_account, true)
        .fact(mysql::key::login_secure, true);
  EXPECT_EQ(judge(asked.build(), "tls-client-cert-required").confidence, Confidence::possible);
  EXPECT_FALSE(judge(about.build(), "tls-client-cert-required").matched);
}

}  // namespace
}  // namespace plumb::tls
