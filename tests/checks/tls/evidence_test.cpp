#include "checks/tls/evidence.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

TEST(TlsEvidence, KnowsWhatThePolicyDemands) {
  const auto asks = [](TlsMode mode, Verification what) {
    return demanded(test::tls_case(mode), what);
  };
  for (const TlsMode mode : {TlsMode::off, TlsMode::preferred, TlsMode::required})
    for (const Verification what : {Verification::chain, Verification::dates, Verification::name})
      EXPECT_FALSE(asks(mode, what));
  EXPECT_TRUE(asks(TlsMode::verify_ca, Verification::chain) &&
              asks(TlsMode::verify_ca, Verification::dates));
  EXPECT_FALSE(asks(TlsMode::verify_ca, Verification::name));
  EXPECT_TRUE(asks(TlsMode::verify_full, Verification::name));
}

TEST(TlsEvidence, AVerdictIsBadOnlyWhereItWasReached) {
  Observation seen = test::good_tls();
  EXPECT_FALSE(is_bad(seen, Verification::name));
  seen.facts.set(key::tls_name_ok, false);
  EXPECT_TRUE(is_bad(seen, Verification::name));
  EXPECT_FALSE(is_bad(test::failed_tls(Failure::tls_eof), Verification::chain));
}

TEST(TlsEvidence, ANameIsProvenByAGoodCertificateThatThePolicyLooksAt) {
  for (const auto& [mode, chain, name, proven] :
       {std::tuple{TlsMode::verify_full, true, true, true},
        std::tuple{TlsMode::verify_full, false, true, false},
        std::tuple{TlsMode::verify_full, true, false, false},
        std::tuple{TlsMode::required, true, true, false}}) {
    Case about = test::tls_case(mode);
    Observation seen = test::good_tls("10.0.2.1:3306");
    seen.facts.set(key::tls_chain_ok, chain);
    seen.facts.set(key::tls_name_ok, name);
    about.evidence.add(seen);
    EXPECT_EQ(proved_name(about, "10.0.2.1:3306"), proven);
    EXPECT_FALSE(proved_name(about, "10.0.2.2:3306"));
  }
}

// An address whose certificate the policy does not look at works; one whose it does look at does
// not.
TEST(TlsEvidence, WhatWorksDependsOnThePolicy) {
  for (const auto mode : {TlsMode::required, TlsMode::verify_full}) {
    Case about = test::tls_case(mode);
    about.evidence.add(test::failed_tls(Failure::tls_eof));
    Observation other = test::good_tls("10.0.2.1:3306");
    test::distrust(other, 20, 1, {});
    about.evidence.add(other);
    const Seen seen =
        handshakes(about, [](const Observation& one) { return one.failure == Failure::tls_eof; });
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(found(about, seen, Confidence::likely, Severity::error, {}).severity,
              mode == TlsMode::required ? Severity::warning : Severity::error);
  }
}

TEST(TlsEvidence, ReadsTheAlertFromTheFactOrTheWords) {
  Observation seen = test::failed_tls(Failure::tls_alert, "alert 116 certificate_required: error");
  EXPECT_EQ(alert_of(seen), 116);
  seen.facts.set(key::tls_alert, std::int64_t{40});
  EXPECT_EQ(alert_of(seen), 40);
  EXPECT_EQ(alert_of(test::failed_tls(Failure::eof, "alert 116")), 0);
  EXPECT_EQ(alert_of(test::failed_tls(Failure::tls_alert, "alert x")), 0);
}

TEST(TlsEvidence, TakesANameApart) {
  EXPECT_EQ(attribute("CN=R12,O=Let's Encrypt,C=US", "O"), "Let's Encrypt");
  EXPECT_EQ(attribute("CN=R12,O=Let's Encrypt,C=US", "CN"), "R12");
  EXPECT_EQ(attribute("O=Example\\, Inc.,CN=x", "O"), "Example\\, Inc.");
  EXPECT_EQ(attribute("CN=GEO=1", "O"), "");
  EXPECT_EQ(attribute("", "O"), "");
  EXPECT_EQ(attribute("O=end\\", "O").substr(0, 3), "end");
}

}  // namespace
}  // namespace plumb::tls
