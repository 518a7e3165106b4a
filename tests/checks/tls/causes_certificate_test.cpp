#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::bound;
using test::judge;
using ::testing::ElementsAre;

Case with(const Observation& seen, TlsMode mode = TlsMode::verify_full) {
  Case about = test::tls_case(mode);
  about.evidence.add(seen);
  return about;
}

Observation wrong_name(const std::string& checked) {
  Observation seen = test::good_tls();
  seen.failure = Failure::certificate_name_mismatch;
  seen.facts.set(key::tls_name_ok, false);
  seen.facts.set(key::tls_name_checked, checked);
  return seen;
}

Observation dated(const std::string& from, const std::string& to, bool ok) {
  Observation seen = test::good_tls();
  test::set_chain(
      seen, {{"CN=db.example.com", "CN=Mid,O=Own", from, to}, {"CN=Mid,O=Own", "CN=Root,O=Own"}});
  seen.facts.set(key::tls_dates_ok, ok);
  return seen;
}

TEST(CausesCertificate, AWrongNameIsCertainUnderATrustedChain) {
  const Verdict verdict = judge(with(wrong_name("alias.example.com")), "tls-hostname-mismatch");
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_EQ(bound(verdict, "names"), "db.example.com");
  EXPECT_EQ(bound(verdict, "name_in_certificate"), "db.example.com");
  EXPECT_FALSE(judge(with(wrong_name("alias.example.com")), "tls-ip-literal-host").matched);
  Observation stranger = wrong_name("alias.example.com");
  test::distrust(stranger, 20, 1, {"CN=Root,O=Own"});
  EXPECT_EQ(judge(with(stranger), "tls-hostname-mismatch").confidence, Confidence::likely);
}

TEST(CausesCertificate, TheNameCountsOnlyUnderVerifyFull) {
  for (const TlsMode mode : {TlsMode::preferred, TlsMode::required, TlsMode::verify_ca})
    EXPECT_EQ(judge(with(wrong_name("alias.example.com"), mode), "tls-hostname-mismatch").severity,
              Severity::info);
}

TEST(CausesCertificate, ABareAddressIsAnotherMatter) {
  const Case about = with(wrong_name("10.0.0.1"));
  EXPECT_TRUE(judge(about, "tls-ip-literal-host").matched);
  EXPECT_FALSE(judge(about, "tls-hostname-mismatch").matched);
}

TEST(CausesCertificate, ExpiredIsCritical) {
  const Observation seen = dated("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z", false);
  const Verdict verdict = judge(with(seen), "tls-certificate-expired");
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::critical);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(bound(verdict, "expired_at"), "2026-11-01T00:00:00Z");
  EXPECT_EQ(judge(with(seen, TlsMode::preferred), "tls-certificate-expired").severity,
            Severity::info);
  EXPECT_EQ(judge(with(seen, TlsMode::verify_ca), "tls-certificate-expired").severity,
            Severity::critical);
  EXPECT_FALSE(judge(with(seen), "tls-certificate-expires-soon").matched);
  EXPECT_FALSE(judge(with(seen), "tls-clock-skew").matched);
}

TEST(CausesCertificate, AFewMinutesPastMayBeTheClock) {
  const Case about = with(dated("2026-01-01T00:00:00Z", "2026-11-21T11:50:00Z", false));
  EXPECT_EQ(judge(about, "tls-certificate-expired").confidence, Confidence::likely);
}

TEST(CausesCertificate, AnExpiredCertificateThatIsNotNeededIsNoFault) {
  Observation seen = test::good_tls();
  test::set_chain(seen, {{"CN=db", "CN=Mid,O=Own"},
                         {"CN=Old", "CN=Older", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"}});
  EXPECT_FALSE(judge(with(seen), "tls-certificate-expired").matched);
}

TEST(CausesCertificate, ExpiredWithAWrongNameIsTwoFindings) {
  Observation seen = dated("2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z", false);
  seen.facts.set(key::tls_name_ok, false);
  EXPECT_TRUE(judge(with(seen), "tls-certificate-expired").matched);
  EXPECT_TRUE(judge(with(seen), "tls-hostname-mismatch").matched);
}

TEST(CausesCertificate, NotYetValidIsNeverCertain) {
  Observation seen = dated("2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z", false);
  EXPECT_EQ(judge(with(seen), "tls-clock-skew").confidence, Confidence::possible);
  EXPECT_FALSE(judge(with(seen), "tls-certificate-expired").matched);
  EXPECT_FALSE(judge(with(seen), "tls-certificate-expires-soon").matched);
  test::set_chain(
      seen, {{"CN=db", "CN=Mid,O=Own", "2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z"},
             {"CN=Mid,O=Own", "CN=Root,O=Own", "2026-11-25T00:00:00Z", "2031-03-01T00:00:00Z"}});
  EXPECT_EQ(judge(with(seen), "tls-clock-skew").confidence, Confidence::likely);
}

// 90 days: warning below 21 days, error below 3. Six days: 48 h and 14.4 h. Now is noon of
// 2026-11-21.
TEST(CausesCertificate, WarnsByLifetime) {
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

TEST(CausesCertificate, TheUsersThresholdReplacesTheWarning) {
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

TEST(CausesCertificate, SoonIsInformationWhereDatesDoNotCount) {
  const Case about =
      with(dated("2026-08-26T11:00:00Z", "2026-11-24T11:00:00Z", true), TlsMode::required);
  EXPECT_EQ(judge(about, "tls-certificate-expires-soon").severity, Severity::info);
}

}  // namespace
}  // namespace plumb::tls
