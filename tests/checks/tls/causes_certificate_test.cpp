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

// An endpoint in front of Aurora shows Aurora's certificate.
TEST(CausesCertificate, AnotherNameIsNormalForSomeDeployments) {
  Case about = with(wrong_name("vpce-0.example.com"), TlsMode::required);
  EXPECT_TRUE(judge(about, "tls-hostname-mismatch").matched);
  about.profile = find_profile("heatwave-egress-aurora");
  EXPECT_FALSE(judge(about, "tls-hostname-mismatch").matched);
  about.policy.tls = TlsMode::verify_full;
  EXPECT_TRUE(judge(about, "tls-hostname-mismatch").matched);
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
  EXPECT_EQ(verdict.confidence, Confidence::likely) << "this host's clock may be fast";
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

TEST(CausesCertificate, AnExpiredCrossSignatureIsNamedByItsSigner) {
  Observation seen = test::good_tls();
  seen.facts.set(key::tls_dates_ok, false);
  test::set_path(seen, {{"CN=db", "CN=New"},
                        {"CN=New", "CN=Old", "2020-01-01T00:00:00Z", "2026-11-01T00:00:00Z"},
                        {"CN=Old", "CN=Old"}});
  const Verdict verdict = judge(with(seen), "tls-certificate-expired");
  EXPECT_EQ(bound(verdict, "expired_subject"), "CN=New (signed by CN=Old)");
  EXPECT_EQ(verdict.owner, std::nullopt);
}

TEST(CausesCertificate, AnExpiredRootIsTheClientsToReplace) {
  Observation seen = test::good_tls();
  seen.facts.set(key::tls_dates_ok, false);
  test::set_path(seen, {{"CN=db", "CN=Root"},
                        {"CN=Root", "CN=Root", "2020-01-01T00:00:00Z", "2026-11-01T00:00:00Z"}});
  const Verdict verdict = judge(with(seen), "tls-certificate-expired");
  EXPECT_EQ(verdict.owner, Owner::client);
  EXPECT_EQ(bound(verdict, "expired_subject"), "CN=Root");
  EXPECT_NE(bound(verdict, "end"), ".");
  test::distrust(seen, 20, 1, {"CN=Other"});
  EXPECT_EQ(judge(with(seen), "tls-certificate-expired").owner, std::nullopt)
      << "the last one of a path that leads nowhere was sent by the server";
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

// This host's clock against the metadata service's.
Case at_clock(Case about, double offset_s) {
  Observation here;
  here.facts.set(key::local_clock_offset_s, offset_s);
  about.evidence.add(here);
  return about;
}

TEST(CausesCertificate, ASecondClockDecidesBetweenExpiryAndSkew) {
  const double days = 86400;
  const Case expired = with(dated("2026-01-01T00:00:00Z", "2026-11-21T11:50:00Z", false));
  EXPECT_EQ(judge(at_clock(expired, 0), "tls-certificate-expired").confidence, Confidence::certain);
  EXPECT_FALSE(judge(at_clock(expired, 0), "tls-clock-skew").matched);
  const Case fast = at_clock(expired, 2 * days);
  EXPECT_FALSE(judge(fast, "tls-certificate-expired").matched);
  EXPECT_EQ(judge(fast, "tls-clock-skew").confidence, Confidence::certain);
  EXPECT_EQ(bound(judge(fast, "tls-clock-skew"), "clock"),
            "this host's clock is 2 days ahead of the metadata service's");
  EXPECT_EQ(bound(judge(fast, "tls-clock-skew"), "edge"), "ended");
  EXPECT_THAT(judge(fast, "tls-clock-skew").evidence, ElementsAre(1, 2));
}

TEST(CausesCertificate, AClockThatIsOffDoesNotExcuseWhatIsLongExpired) {
  const Case about =
      at_clock(with(dated("2025-01-01T00:00:00Z", "2025-11-01T00:00:00Z", false)), 2 * 86400);
  EXPECT_EQ(judge(about, "tls-certificate-expired").confidence, Confidence::certain);
  EXPECT_FALSE(judge(about, "tls-clock-skew").matched);
}

TEST(CausesCertificate, ASlowClockIsCertainARightOneBlamesTheIssuer) {
  const Case early = with(dated("2026-11-23T00:00:00Z", "2027-03-01T00:00:00Z", false));
  const Verdict slow = judge(at_clock(early, -4 * 86400), "tls-clock-skew");
  EXPECT_EQ(slow.confidence, Confidence::certain);
  EXPECT_EQ(bound(slow, "edge"), "begins");
  const Verdict right = judge(at_clock(early, 1), "tls-clock-skew");
  EXPECT_EQ(right.confidence, Confidence::possible);
  EXPECT_FALSE(right.decide_by.empty());
}

}  // namespace
}  // namespace plumb::tls
