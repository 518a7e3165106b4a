#include "probe/wire/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(Certificate, TellsALeafWhole) {
  test::Wanted wanted;
  wanted.common_name = "db.example.com";
  wanted.sans = {"DNS:db.example.com", "DNS:*.db.example.com", "IP:10.0.0.1", "IP:2001:db8::1",
                 "email:dba@example.com"};
  const auto leaf = test::issue(wanted, &test::test_pki().intermediate);
  const auto facts = describe_certificate(leaf.der());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->get_or(key::tls_subject, {}), "CN=db.example.com,O=Plumb Test");
  EXPECT_EQ(facts->get_or(key::tls_issuer, {}), "CN=Test Intermediate,O=Plumb Test");
  EXPECT_EQ(facts->get_or(key::tls_not_before, {}), "2026-10-22T12:00:00Z");
  EXPECT_EQ(facts->get_or(key::tls_not_after, {}), "2027-01-20T12:00:00Z");
  EXPECT_THAT(facts->get_or(key::tls_sha256, {}), MatchesRegex("[0-9A-F]{64}"));
  EXPECT_THAT(
      facts->get_or(key::tls_san, {}),
      ElementsAre("DNS:db.example.com", "DNS:*.db.example.com", "IP:10.0.0.1", "IP:2001:db8::1"));
}

TEST(Certificate, TellsAChainRow) {
  const Facts root = chain_row(text_of(*test::test_pki().root.certificate));
  EXPECT_EQ(root.get_or(key::cert_subject, {}), "CN=Test Root,O=Plumb Test");
  EXPECT_TRUE(root.get_or(key::cert_is_ca, false));
  EXPECT_TRUE(root.get_or(key::cert_self_signed, false));
  EXPECT_EQ(root.get_or(key::cert_key, {}), "EC-P-256");
  const Facts leaf = chain_row(text_of(*test::test_pki().leaf.certificate));
  EXPECT_FALSE(leaf.get_or(key::cert_is_ca, true));
  EXPECT_FALSE(leaf.get_or(key::cert_self_signed, true));
  EXPECT_EQ(leaf.get_or(key::cert_sha256, {}),
            describe_certificate(test::test_pki().leaf.der())->get_or(key::tls_sha256, {}));
}

TEST(Certificate, NamesTheKey) {
  test::Wanted wanted;
  wanted.common_name = "k";
  for (const auto& [type, name] : std::vector<std::pair<std::string, std::string>>{
           {"EC", "EC-P-256"}, {"RSA", "RSA-2048"}, {"ED25519", "Ed25519"}}) {
    wanted.key_type = type;
    EXPECT_EQ(key_of(*test::issue(wanted).certificate), name);
  }
}

TEST(Certificate, MakesHostileNamesPrintable) {
  test::Wanted wanted;
  wanted.common_name = "a\x1b[2J\xE2\x80\xAEz";
  const std::string subject = subject_of(*test::issue(wanted).certificate);
  EXPECT_THAT(subject, Not(HasSubstr("\x1b")));
  EXPECT_THAT(subject, Not(HasSubstr("\xE2\x80\xAE")));
  wanted.common_name = "Müller";
  EXPECT_THAT(subject_of(*test::issue(wanted).certificate), HasSubstr("Müller"));
}

TEST(Certificate, CutsALongListOfNames) {
  test::Wanted wanted;
  wanted.common_name = "many";
  for (int i = 0; i < 150; ++i) wanted.sans.push_back("DNS:n" + std::to_string(i) + ".example.com");
  const auto sans = sans_of(*test::issue(wanted).certificate);
  EXPECT_EQ(sans.size(), kMaxSans);
  EXPECT_EQ(sans.back(), "DNS:n99.example.com");
}

TEST(Certificate, RefusesEveryCut) {
  const Bytes der = test::test_pki().leaf.der();
  for (std::size_t length = 0; length < der.size(); ++length)
    EXPECT_FALSE(describe_certificate(View(der).first(length))) << length;
}

TEST(Certificate, AgreesWithItsOwnDates) {
  const X509& leaf = *test::test_pki().leaf.certificate;
  EXPECT_EQ(not_before_of(leaf), test::noon() - std::chrono::hours(24 * 30));
  EXPECT_EQ(not_after_of(leaf), test::noon() + std::chrono::hours(24 * 60));
}

}  // namespace
}  // namespace plumb::wire
