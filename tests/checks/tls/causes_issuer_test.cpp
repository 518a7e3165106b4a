#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::bound;
using test::ChainLink;
using test::judge;

const std::string kX1 = "CN=ISRG Root X1,O=Internet Security Research Group,C=US";
const std::string kX2 = "CN=ISRG Root X2,O=Internet Security Research Group,C=US";
const std::string kR12 = "CN=R12,O=Let's Encrypt,C=US", kYr1 = "CN=YR1,O=Let's Encrypt,C=US";
const std::string kYe1 = "CN=YE1,O=Let's Encrypt,C=US", kYe = "CN=Root YE,O=ISRG,C=US";
const std::string kRds19 = "CN=Amazon RDS Root 2019 CA,OU=Amazon RDS,O=Amazon Web Services";
const std::string kRdsG1 =
    "CN=Amazon RDS us-east-1 Root CA RSA2048 G1,OU=Amazon RDS,O=Amazon Web Services";

constexpr const char* kPinned = "tls-pinned-intermediate-retired";
constexpr const char* kOldAnchor = "tls-trust-anchor-too-old-or-x1-only";
constexpr const char* kRds = "tls-rds-ca-outdated";
constexpr const char* kIntercept = "tls-middlebox-intercept";

Case untrusted(const std::vector<ChainLink>& chain, int code,
               const std::vector<std::string>& trusted, const std::string& trust = "/etc/ca.pem") {
  Case about = test::tls_case(TlsMode::verify_full);
  Observation seen = test::good_tls();
  test::set_chain(seen, chain);
  test::distrust(seen, code, 1, trusted, trust);
  about.evidence.add(seen);
  return about;
}

TEST(CausesIssuer, AFileOfRetiredIntermediates) {
  const std::vector<ChainLink> chain{{"CN=gw", kYr1}, {kYr1, kX1}};
  const Verdict verdict = judge(untrusted(chain, 20, {kR12}), kPinned);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_FALSE(judge(untrusted(chain, 20, {kX2}), kPinned).matched) << "a root is pinned";
  EXPECT_FALSE(judge(untrusted(chain, 20, {kR12}, "system"), kPinned).matched);
  EXPECT_FALSE(judge(untrusted({{"CN=db", "CN=Mid,O=Own"}}, 20, {kR12}), kPinned).matched)
      << "another deployment's chain: the file is the wrong one altogether";
}

TEST(CausesIssuer, TheSecondRootIsNotInTheFile) {
  const std::vector<ChainLink> chain{{"CN=gw", kYe1}, {kYe1, kYe}, {kYe, kX2}};
  EXPECT_EQ(judge(untrusted(chain, 20, {kX1}), kOldAnchor).confidence, Confidence::certain);
  EXPECT_EQ(judge(untrusted({{"CN=gw", kYr1}, {kYr1, kX1}}, 20,
                            {"CN=DST Root CA X3,O=Digital Signature Trust Co."}),
                  kOldAnchor)
                .confidence,
            Confidence::certain);
  EXPECT_FALSE(judge(untrusted(chain, 20, {"CN=Root,O=Own"}), kOldAnchor).matched)
      << "a wrong file altogether";
  EXPECT_FALSE(judge(untrusted({{"CN=gw", kYe1}}, 20, {kX1}), kOldAnchor).matched)
      << "the intermediate is missing";
}

TEST(CausesIssuer, TheBridgeToTheFirstRootHasExpired) {
  Observation seen = test::good_tls();
  test::set_chain(
      seen,
      {{"CN=gw", kYe1}, {kYe1, kX2}, {kX2, kX1, "2020-09-04T00:00:00Z", "2025-09-15T16:00:00Z"}});
  seen.facts.set(key::tls_dates_ok, false);
  Case about = test::tls_case(TlsMode::verify_full);
  about.evidence.add(seen);
  EXPECT_EQ(judge(about, kOldAnchor).confidence, Confidence::likely);
  test::set_path(about.evidence.observations[0],
                 {{"CN=gw", kYe1, "2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z"}, {kYe1, kX2}});
  EXPECT_FALSE(judge(about, kOldAnchor).matched) << "the bridge was not needed; the leaf has ended";
}

TEST(CausesIssuer, AnOlderRootOfRds) {
  const std::vector<ChainLink> chain{{"CN=db", kRdsG1}, {kRdsG1, kRdsG1}};
  EXPECT_EQ(judge(untrusted(chain, 19, {kRds19}), kRds).confidence, Confidence::certain);
  EXPECT_FALSE(judge(untrusted(chain, 19, {kX1}), kRds).matched);
  EXPECT_FALSE(judge(untrusted({{"CN=db", "CN=Mid,O=Own"}}, 20, {kRds19}), kRds).matched);
}

TEST(CausesIssuer, AMakerOfInspectionIsNamedOrItIsOnlyPossible) {
  const std::string zscaler = "CN=Zscaler Intermediate Root CA (zscalertwo.net),O=Zscaler Inc.";
  const Case named = untrusted({{"CN=db.example.com", zscaler}}, 20, {"CN=Root,O=Own"});
  EXPECT_EQ(judge(named, kIntercept).confidence, Confidence::likely);
  EXPECT_LT(judge(named, kIntercept).rank, judge(named, "tls-wrong-ca-for-deployment").rank);
  Case stranger = untrusted({{"CN=gw", "CN=Corp CA,O=Corp"}}, 20, {kX1});
  EXPECT_FALSE(judge(stranger, kIntercept).matched) << "nobody says who should sign";
  stranger.profile = find_profile("tidb-starter-public-aws");
  EXPECT_EQ(judge(stranger, kIntercept).confidence, Confidence::possible);
  EXPECT_EQ(bound(judge(stranger, kIntercept), "why"),
            "this deployment's certificates come from Let's Encrypt");
  stranger.evidence.observations[0].facts.set(key::tls_name_ok, false);
  EXPECT_FALSE(judge(stranger, kIntercept).matched) << "the name is wrong as well: another server";
}

TEST(CausesIssuer, ADeviceThatIsTrustedIsInformation) {
  Case about = test::tls_case(TlsMode::verify_full);
  Observation seen = test::good_tls();
  test::set_chain(seen, {{"CN=db.example.com", "CN=FortiGate CA,O=Fortinet"}});
  about.evidence.add(seen);
  EXPECT_EQ(judge(about, kIntercept).severity, Severity::info);
}

}  // namespace
}  // namespace plumb::tls
