#include "checks/tls/trust_file.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

const std::string kIsrg = "CN=ISRG Root X1,O=Internet Security Research Group,C=US";
const std::string kPrivate = "CN=Cluster CA,O=PingCAP";
const std::string kRds = "CN=Amazon RDS us-east-1 Root CA RSA2048 G1,O=Amazon Web Services";

Case with_file(std::string_view profile, const std::vector<std::string>& subjects) {
  Case about = test::tls_case(TlsMode::verify_full);
  about.profile = find_profile(profile);
  Observation local;
  local.phase = Phase::local;
  local.facts.set(key::tls_trust, std::string("/etc/ca.pem"));
  local.facts.set(key::tls_trust_count, static_cast<std::int64_t>(subjects.size()));
  local.facts.set(key::tls_trust_subjects, subjects);
  about.evidence.add(std::move(local));
  return about;
}

bool is_wrong(std::string_view profile, const std::vector<std::string>& subjects) {
  return match_file_of_another_deployment(with_file(profile, subjects)).matched;
}

TEST(TrustFile, OfAnotherDeploymentIsToldByItsSubjects) {
  EXPECT_TRUE(is_wrong("tidb-dedicated-private", {kIsrg}));
  EXPECT_FALSE(is_wrong("tidb-dedicated-private", {kPrivate})) << "whose it is, nobody knows";
  EXPECT_FALSE(is_wrong("tidb-dedicated-private", {kIsrg, kPrivate}));
  EXPECT_TRUE(is_wrong("tidb-starter-public-aws", {kPrivate}));
  EXPECT_FALSE(is_wrong("tidb-starter-public-aws", {kPrivate, kIsrg}));
  EXPECT_TRUE(is_wrong("aurora-direct", {kIsrg}));
  EXPECT_FALSE(is_wrong("aurora-direct", {kRds}));
  EXPECT_FALSE(is_wrong("mysql", {kIsrg})) << "nothing is known of it";
}

TEST(TrustFile, OfManyIsNotJudged) {
  Case about = with_file("tidb-starter-public-aws", {kPrivate});
  Facts& facts = about.evidence.observations.front().facts;
  facts.set(key::tls_trust_count, std::int64_t{140});
  EXPECT_FALSE(match_file_of_another_deployment(about).matched);
}

TEST(TrustFile, AfterAHandshakeTheChainDecides) {
  Case about = with_file("tidb-dedicated-private", {kIsrg});
  about.evidence.add(test::good_tls());
  EXPECT_FALSE(match_file_of_another_deployment(about).matched);
}

TEST(TrustFile, IsAWarningThatNamesBoth) {
  const Verdict verdict = match_file_of_another_deployment(with_file("aurora-direct", {kIsrg}));
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_EQ(test::bound(verdict, "what"),
            "the CA file /etc/ca.pem holds " + kIsrg +
                ". This deployment's roots: "
                "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem");
}

}  // namespace
}  // namespace plumb::tls
