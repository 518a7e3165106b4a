#include "probe/wire/certificate_verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/wire/certificate.hpp"
#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using test::Issued;
using test::test_pki;
using ::testing::ElementsAre;

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

std::vector<std::string> subjects(const CertificateVerdicts& verdicts) {
  std::vector<std::string> names;
  for (int i = 0; i < sk_X509_num(verdicts.path.get()); ++i)
    names.push_back(subject_of(*sk_X509_value(verdicts.path.get(), i)));
  return names;
}

TEST(CertificateVerify, TellsThePathThatItJudged) {
  const auto unrelated = test::issue({.common_name = "Unrelated"});
  EXPECT_THAT(subjects(judge({test_pki().leaf, unrelated, test_pki().intermediate})),
              ElementsAre("CN=db.example.com,O=Plumb Test", "CN=Test Intermediate,O=Plumb Test",
                          "CN=Test Root,O=Plumb Test"));
  EXPECT_EQ(subjects(judge({test_pki().leaf, test_pki().intermediate}, nullptr)).size(), 2u)
      << "as far as it leads";
}

Issued authority(const std::string& name, int days_after, const Issued* issuer,
                 const Issued* same_key = nullptr) {
  test::Wanted wanted;
  wanted.common_name = name;
  wanted.ca = true;
  wanted.days_after = days_after;
  if (same_key) wanted.key = same_key->key;
  return test::issue(wanted, issuer);
}

std::shared_ptr<const Trust> trusting(const std::vector<Issued>& roots) {
  std::string pem;
  for (const Issued& root : roots) pem += root.pem();
  return Trust::from_pem(pem, "roots").trust;
}

// leaf < Issuing < New Root, which the old root signs across.
struct Crossed {
  Issued old_root = authority("Old Root", 3000, nullptr);
  Issued new_root = authority("New Root", 2500, nullptr);
  Issued issuing = authority("Issuing", 500, &new_root);
  Issued leaf = test::issue({.common_name = "db", .sans = {"DNS:db.example.com"}}, &issuing);

  Issued cross(int days_after) const {
    return authority("New Root", days_after, &old_root, &new_root);
  }
};

TEST(CertificateVerify, APathEndsWithTheFirstCertificateAboveTheLeaf) {
  const Crossed pki;
  const auto trust = trusting({pki.old_root});
  const auto cross = judge({pki.leaf, pki.issuing, pki.cross(10)}, trust.get());
  ASSERT_TRUE(cross.ending.has_value()) << cross.chain_text;
  EXPECT_EQ(cross.ending->subject, "CN=New Root,O=Plumb Test");
  EXPECT_EQ(cross.ending->at, test::noon() + 10 * std::chrono::hours(24));
  const auto issuing = judge({pki.leaf, pki.issuing, pki.cross(900)}, trust.get());
  EXPECT_EQ(issuing.ending->subject, "CN=Issuing,O=Plumb Test");
}

TEST(CertificateVerify, ACrossSignatureThatEndsMayBeReplacedByAnotherPath) {
  const Crossed pki;
  const auto old_only = trusting({pki.old_root});
  const auto both = trusting({pki.old_root, pki.new_root});
  for (const auto& verdicts :
       {judge({pki.leaf, pki.issuing, pki.cross(10), pki.cross(400)}, old_only.get()),
        judge({pki.leaf, pki.issuing, pki.cross(400), pki.cross(10)}, old_only.get())}) {
    ASSERT_TRUE(verdicts.ending.has_value());
    EXPECT_EQ(verdicts.ending->at, test::noon() + 400 * std::chrono::hours(24));
  }
  const auto trusted = judge({pki.leaf, pki.issuing, pki.cross(10)}, both.get());
  EXPECT_EQ(trusted.ending->subject, "CN=Issuing,O=Plumb Test");
}

TEST(CertificateVerify, ARootOfTheSameNameDoesNotPutTheEndOff) {
  const Crossed pki;
  const auto trust = trusting({pki.old_root, authority("New Root", 2000, nullptr)});
  const auto verdicts = judge({pki.leaf, pki.issuing, pki.cross(10)}, trust.get());
  if (verdicts.chain_ok()) {
    EXPECT_EQ(verdicts.ending->subject, "CN=New Root,O=Plumb Test");
  } else {
    EXPECT_FALSE(verdicts.ending.has_value()) << "OpenSSL takes the trusted one of two";
  }
}

TEST(CertificateVerify, WhatIsBrokenOrOverNowHasNoEnding) {
  const Crossed pki;
  const auto trust = trusting({pki.old_root});
  EXPECT_FALSE(judge({pki.leaf, pki.issuing, pki.cross(-2)}, trust.get()).ending.has_value());
  EXPECT_FALSE(judge({pki.leaf, pki.issuing}, trust.get()).ending.has_value());
  EXPECT_FALSE(judge({pki.leaf}, trusting({pki.leaf}).get()).ending.has_value()) << "nobody above";
}

TEST(CertificateVerify, AChainWithoutEndHasItsOwnCode) {
  const Issued& root = test_pki().root;
  std::vector<Issued> sent;
  for (int i = 0; i < 110; ++i)
    sent.insert(sent.begin(), authority("Authority " + std::to_string(i), 300,
                                        sent.empty() ? &root : &sent.front(), &root));
  const auto verdicts = judge(sent);
  EXPECT_EQ(verdicts.chain_code, 22) << verdicts.chain_text;
  EXPECT_EQ(verdicts.failure(), Failure::certificate_invalid);
  EXPECT_FALSE(verdicts.ending.has_value());
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
