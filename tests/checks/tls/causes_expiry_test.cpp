#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::bound;
using test::judge;

Case with(const Observation& seen, TlsMode mode = TlsMode::verify_full) {
  Case about = test::tls_case(mode);
  about.evidence.add(seen);
  return about;
}

Observation dated(const std::string& from, const std::string& to, bool ok) {
  Observation seen = test::good_tls();
  test::set_chain(
      seen, {{"CN=db.example.com", "CN=Mid,O=Own", from, to}, {"CN=Mid,O=Own", "CN=Root,O=Own"}});
  seen.facts.set(key::tls_dates_ok, ok);
  return seen;
}

// 90 days: warning below 21 days, error below 3. Six days: 48 h and 14.4 h. Now is noon of
// 2026-11-21.
TEST(CausesExpiry, WarnsByLifetime) {
  struct Row {
    const char *from, *to;
    std::optional<Severity> severity;
  };
  for (const Row& row :
       std::vector<Row>{{"2026-09-13T13:00:00Z", "2026-12-12T13:00:00Z", std::nullopt},
                        {"2026-09-13T11:00:00Z", "2026-12-12T11:00:00Z", Severity::warning},
                        {"2026-08-26T13:00:00Z", "2026-11-24T13:00:00Z", Severity::warning},
                        {"2026-08-26T11:00:00Z", "2026-11-24T11:00:00Z", Severity::error},
                        {"2026-11-17T13:00:00Z", "2026-11-23T13:00:00Z", std::nullopt},
                        {"2026-11-17T11:00:00Z", "2026-11-23T11:00:00Z", Severity::warning},
                        {"2026-11-16T02:00:00Z", "2026-11-22T02:00:00Z", Severity::error},
                        {"1950-01-01T00:00:00Z", "9999-12-31T23:59:59Z", std::nullopt}}) {
    const Verdict verdict =
        judge(with(dated(row.from, row.to, true)), "tls-certificate-expires-soon");
    EXPECT_EQ(verdict.matched, row.severity.has_value()) << row.to;
    if (row.severity) {
      EXPECT_EQ(verdict.severity, *row.severity) << row.to;
    }
  }
}

TEST(CausesExpiry, TheUsersThresholdReplacesTheWarning) {
  Case about =
      with(dated("2026-09-13T13:00:00Z", "2026-12-12T13:00:00Z", true), TlsMode::preferred);
  EXPECT_FALSE(judge(about, "tls-certificate-expires-soon").matched);
  about.policy.cert_warn_days = 30;
  const Verdict verdict = judge(about, "tls-certificate-expires-soon");
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(bound(verdict, "in_days"), "21 days");
  about.policy.cert_warn_days = 10;
  EXPECT_FALSE(judge(about, "tls-certificate-expires-soon").matched);
}

TEST(CausesExpiry, SoonIsInformationWhereDatesDoNotCount) {
  const Case about =
      with(dated("2026-08-26T11:00:00Z", "2026-11-24T11:00:00Z", true), TlsMode::required);
  EXPECT_EQ(judge(about, "tls-certificate-expires-soon").severity, Severity::info);
}

constexpr const char* kChainSoon = "tls-chain-expires-soon";

Observation with_upper(const std::string& end, const std::string& subject = "CN=Mid,O=Own") {
  Observation seen = test::good_tls();
  seen.facts.set(key::tls_path_ends, end);
  seen.facts.set(key::tls_path_ends_with, subject);
  return seen;
}

TEST(CausesExpiry, WhatStandsAboveTheLeafCountsToo) {
  const Verdict verdict = judge(with(with_upper("2026-12-01T12:00:00Z")), kChainSoon);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(bound(verdict, "upper_subject"), "CN=Mid,O=Own");
  EXPECT_EQ(bound(verdict, "in_days"), "10 days");
  EXPECT_EQ(verdict.owner, std::nullopt);
  EXPECT_FALSE(judge(with(with_upper("2027-12-01T12:00:00Z")), kChainSoon).matched);
  EXPECT_FALSE(judge(with(with_upper("2026-11-01T12:00:00Z")), kChainSoon).matched) << "it is over";
  EXPECT_EQ(judge(with(with_upper("2026-12-01T12:00:00Z"), TlsMode::required), kChainSoon).severity,
            Severity::info);
}

TEST(CausesExpiry, TheUsersThresholdCountsAboveTheLeafAsWell) {
  Case about = with(with_upper("2027-01-10T12:00:00Z"), TlsMode::required);
  EXPECT_FALSE(judge(about, kChainSoon).matched);
  about.policy.cert_warn_days = 60;
  EXPECT_EQ(judge(about, kChainSoon).severity, Severity::warning);
}

// The dates in tls.chain alone say nothing: whether another path takes over, only the verification
// knows.
TEST(CausesExpiry, ADateOfACertificateThatWasSentIsNoEndOfThePath) {
  Observation seen = test::good_tls();
  test::set_chain(
      seen, {{"CN=db.example.com", "CN=Mid,O=Own"},
             {"CN=Mid,O=Own", "CN=Root,O=Own", "2025-01-01T00:00:00Z", "2026-12-01T12:00:00Z"}});
  seen.facts.set(key::tls_path_ends, std::string("2029-12-01T12:00:00Z"));
  EXPECT_FALSE(judge(with(seen), kChainSoon).matched);
}

TEST(CausesExpiry, ARootThatEndsIsTheClientsToReplace) {
  Observation seen = with_upper("2026-12-01T12:00:00Z", "CN=Root,O=Own");
  test::set_path(seen, {{"CN=db.example.com", "CN=Mid,O=Own"},
                        {"CN=Mid,O=Own", "CN=Root,O=Own"},
                        {"CN=Root,O=Own", "CN=Root,O=Own"}});
  const Verdict verdict = judge(with(seen), kChainSoon);
  EXPECT_EQ(verdict.owner, Owner::client);
  EXPECT_NE(bound(verdict, "end"), ".");
}

}  // namespace
}  // namespace plumb::tls
