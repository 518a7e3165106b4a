#include "probe/wire/certificate_links.hpp"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <vector>

#include "probe/wire/certificate_verify.hpp"
#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using test::Issued;
using test::test_pki;

Fingerprint number(int n) {
  Fingerprint print{};
  print[0] = static_cast<std::uint8_t>(n);
  print[1] = static_cast<std::uint8_t>(n >> 8);
  return print;
}

TEST(ProvenLinks, KnowPairsAndTheirDirection) {
  ProvenLinks links;
  links.add(number(1), number(2));
  EXPECT_TRUE(links.has(number(1), number(2)));
  EXPECT_FALSE(links.has(number(2), number(1)));
  EXPECT_FALSE(links.has(number(1), number(3)));
}

TEST(ProvenLinks, AreBounded) {
  ProvenLinks links;
  for (int i = 0; i < 10'000; ++i) links.add(number(i), number(1));
  EXPECT_LE(links.size(), ProvenLinks::kMost);
  EXPECT_TRUE(links.has(number(9'999), number(1)));
}

CertificateVerdicts verify(const std::vector<Issued>& sent, const Issued& root, ProvenLinks* links,
                           WallTime now = test::noon()) {
  const X509StackHandle stack(sk_X509_new_null());
  for (const Issued& one : sent) {
    X509_up_ref(one.certificate.get());
    sk_X509_push(stack.get(), one.certificate.get());
  }
  const auto trust = Trust::from_pem(root.pem(), "root").trust;
  ChainQuestion question{trust->store(), nullptr, stack.get(), 1, links, {}};
  question.fingerprint = [](X509& one) { return fingerprint_of(one); };
  return verify_chain(question, now);
}

TEST(ProvenLinks, OneIntermediateIsProvenOnce) {
  ProvenLinks links;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(
        verify({test::leaf_for({"DNS:a"}), test_pki().intermediate}, test_pki().root, &links)
            .chain_ok());
  EXPECT_EQ(links.size(), 1u) << "the leaves' own signatures are not kept";
}

// Same names, another key: a leaf that the intermediate never signed.
TEST(ProvenLinks, AForgedLeafUnderAProvenIntermediateIsRefused) {
  ProvenLinks links;
  ASSERT_TRUE(
      verify({test_pki().leaf, test_pki().intermediate}, test_pki().root, &links).chain_ok());
  Issued impostor = test_pki().intermediate;
  impostor.key = test::make_key("EC");
  const auto forged = test::issue({.common_name = "db.example.com"}, &impostor);
  const auto verdicts = verify({forged, test_pki().intermediate}, test_pki().root, &links);
  EXPECT_EQ(verdicts.chain_code, X509_V_ERR_CERT_SIGNATURE_FAILURE);
  EXPECT_EQ(verdicts.chain_depth, 0);
}

TEST(ProvenLinks, AForgedIntermediateIsRefused) {
  ProvenLinks links;
  ASSERT_TRUE(
      verify({test_pki().leaf, test_pki().intermediate}, test_pki().root, &links).chain_ok());
  Issued impostor = test_pki().root;
  impostor.key = test::make_key("EC");
  const auto forged = test::issue({.common_name = "Test Intermediate", .ca = true}, &impostor);
  const auto leaf = test::issue({.common_name = "db.example.com"}, &forged);
  const auto verdicts = verify({leaf, forged}, test_pki().root, &links);
  EXPECT_EQ(verdicts.chain_code, X509_V_ERR_CERT_SIGNATURE_FAILURE);
  EXPECT_EQ(verdicts.chain_depth, 1);
  EXPECT_EQ(links.size(), 1u);
}

struct Limit {
  const char* story;
  std::string constraints;
  std::vector<std::pair<int, std::string>> extensions;
  bool below;  // the leaf is signed by a further one below
  int code;
};

// The second leaf meets links that the first one proved.
void expect_limit(const Limit& limit) {
  ProvenLinks links;
  test::Wanted ca{.common_name = "Limited", .ca = true};
  ca.constraints = limit.constraints;
  ca.extensions = limit.extensions;
  const auto limited = test::issue(ca, &test_pki().root);
  const auto below = test::issue({.common_name = "Below", .ca = true}, &limited);
  for (const char* name : {"DNS:a.example.com", "DNS:b.example.com"}) {
    const Issued& issuer = limit.below ? below : limited;
    std::vector<Issued> sent{test::issue({.common_name = "db", .sans = {name}}, &issuer), issuer};
    if (limit.below) sent.push_back(limited);
    const auto plain = verify(sent, test_pki().root, nullptr);
    const auto linked = verify(sent, test_pki().root, &links);
    EXPECT_EQ(linked.chain_code, plain.chain_code) << limit.story;
    EXPECT_EQ(linked.chain_depth, plain.chain_depth) << limit.story;
    EXPECT_EQ(linked.chain_code, limit.code) << limit.story;
  }
}

TEST(ProvenLinks, WhatAnIntermediateMaySignStillCounts) {
  expect_limit({"name constraints",
                "",
                {{NID_name_constraints, "critical,permitted;DNS:example.org"}},
                false,
                X509_V_ERR_PERMITTED_VIOLATION});
  expect_limit({"path length", ",pathlen:0", {}, true, X509_V_ERR_PATH_LENGTH_EXCEEDED});
  expect_limit(
      {"key usage", "", {{NID_key_usage, "critical,cRLSign"}}, false, X509_V_ERR_INVALID_CA});
  expect_limit({"for clients only",
                "",
                {{NID_ext_key_usage, "clientAuth"}},
                false,
                X509_V_ERR_INVALID_PURPOSE});
}

TEST(ProvenLinks, DatesAreNotRemembered) {
  ProvenLinks links;
  const std::vector<Issued> sent{test_pki().leaf, test_pki().intermediate};
  EXPECT_FALSE(verify(sent, test_pki().root, &links).expired);
  const WallTime later = test::noon() + std::chrono::hours(24 * 2500);
  EXPECT_TRUE(verify(sent, test_pki().root, &links, later).expired);
  EXPECT_FALSE(verify(sent, test_pki().root, &links, later).ending.has_value());
}

}  // namespace
}  // namespace plumb::wire
