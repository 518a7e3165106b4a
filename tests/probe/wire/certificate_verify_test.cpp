#include "probe/wire/certificate_verify.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using test::Issued;
using test::test_pki;

const Trust* root_only() {
  static const auto trust = Trust::from_pem(test_pki().root.pem(), "root").trust;
  return trust.get();
}

CertificateVerdicts judge(const std::vector<Issued>& sent, const Trust* trust = root_only(),
                          const std::string& name = "db.example.com") {
  const X509StackHandle stack(sk_X509_new_null());
  for (const Issued& one : sent) {
    X509_up_ref(one.certificate.get());
    sk_X509_push(stack.get(), one.certificate.get());
  }
  return verify_certificates(trust, stack.get(), name, test::noon(), 1);
}

TEST(CertificateVerify, AcceptsAGoodChain) {
  const auto verdicts = judge({test_pki().leaf, test_pki().intermediate});
  EXPECT_TRUE(verdicts.chain_ok()) << verdicts.chain_text;
  EXPECT_TRUE(verdicts.dates_ok());
  EXPECT_TRUE(verdicts.name_ok);
  EXPECT_EQ(verdicts.failure(), std::nullopt);
}

TEST(CertificateVerify, NobodyIsTrustedWithoutTrust) {
  const auto verdicts = judge({test_pki().leaf, test_pki().intermediate}, nullptr);
  EXPECT_EQ(verdicts.chain_code, 20);
  EXPECT_EQ(verdicts.chain_depth, 1);
  EXPECT_TRUE(verdicts.dates_ok());
  EXPECT_TRUE(verdicts.name_ok);
  EXPECT_EQ(verdicts.failure(), Failure::certificate_untrusted);
}

TEST(CertificateVerify, MissesAnIntermediateAtDepthZero) {
  const auto verdicts = judge({test_pki().leaf});
  EXPECT_EQ(verdicts.chain_code, 20);
  EXPECT_EQ(verdicts.chain_depth, 0);
}

TEST(CertificateVerify, TellsSelfSignedLeafFromSelfSignedRoot) {
  test::Wanted wanted;
  wanted.common_name = "db.example.com";
  EXPECT_EQ(judge({test::issue(wanted)}).chain_code, 18);
  wanted.ca = true;
  wanted.common_name = "Another Root";
  const auto other = test::issue(wanted);
  wanted.ca = false;
  wanted.common_name = "db.example.com";
  EXPECT_EQ(judge({test::issue(wanted, &other), other}).chain_code, 19);
}

TEST(CertificateVerify, KeepsTheThreeVerdictsApart) {
  const auto stale =
      judge({test::leaf_for({"DNS:other.example.com"}, -90, -1), test_pki().intermediate});
  EXPECT_TRUE(stale.chain_ok()) << stale.chain_text;
  EXPECT_TRUE(stale.expired);
  EXPECT_FALSE(stale.not_yet_valid);
  EXPECT_FALSE(stale.name_ok);
  EXPECT_EQ(stale.failure(), Failure::certificate_expired);
  const auto early =
      judge({test::leaf_for({"DNS:db.example.com"}, 1, 30), test_pki().intermediate});
  EXPECT_TRUE(early.chain_ok());
  EXPECT_TRUE(early.not_yet_valid);
  EXPECT_EQ(early.failure(), Failure::certificate_not_yet_valid);
  const auto both = judge({test::leaf_for({"DNS:db.example.com"}, -90, -1)});
  EXPECT_FALSE(both.chain_ok());
  EXPECT_TRUE(both.expired);
  EXPECT_EQ(both.failure(), Failure::certificate_untrusted);
}

TEST(CertificateVerify, AnExpiredIntermediateSpoilsTheDates) {
  test::Wanted wanted;
  wanted.common_name = "Old Intermediate";
  wanted.ca = true;
  wanted.days_before = -500;
  wanted.days_after = -2;
  const auto old = test::issue(wanted, &test_pki().root);
  test::Wanted leaf;
  leaf.common_name = "db.example.com";
  leaf.sans = {"DNS:db.example.com"};
  const auto verdicts = judge({test::issue(leaf, &old), old});
  EXPECT_TRUE(verdicts.chain_ok()) << verdicts.chain_text;
  EXPECT_TRUE(verdicts.expired);
}

// The chain that is built counts: an old cross-signed certificate sent along hurts nobody.
TEST(CertificateVerify, PassesOverAnExpiredCertificateThatIsNotNeeded) {
  test::Wanted wanted;
  wanted.common_name = "Unrelated";
  wanted.days_before = -90;
  wanted.days_after = -30;
  const auto verdicts = judge({test_pki().leaf, test_pki().intermediate, test::issue(wanted)});
  EXPECT_EQ(verdicts.failure(), std::nullopt);
}

TEST(CertificateVerify, ChecksNamesAndAddresses) {
  const auto leaf = test::leaf_for(
      {"DNS:db.example.com", "DNS:*.pool.example.com", "IP:10.0.0.1", "IP:2001:db8::1"});
  for (const auto& [name, fits] :
       std::vector<std::pair<std::string, bool>>{{"db.example.com", true},
                                                 {"DB.Example.Com", true},
                                                 {"db.example.com.", true},
                                                 {"a.pool.example.com", true},
                                                 {"a.b.pool.example.com", false},
                                                 {"example.com", false},
                                                 {"10.0.0.1", true},
                                                 {"10.0.0.2", false},
                                                 {"2001:db8::1", true},
                                                 {"2001:db8::2", false},
                                                 {"", false}})
    EXPECT_EQ(judge({leaf, test_pki().intermediate}, root_only(), name).name_ok, fits) << name;
}

TEST(CertificateVerify, ALeafAsIssuerIsInvalidNotUntrusted) {
  test::Wanted wanted;
  wanted.common_name = "signed by a leaf";
  const auto verdicts =
      judge({test::issue(wanted, &test_pki().leaf), test_pki().leaf, test_pki().intermediate});
  EXPECT_EQ(verdicts.failure(), Failure::certificate_invalid) << verdicts.chain_text;
}

}  // namespace
}  // namespace plumb::wire
