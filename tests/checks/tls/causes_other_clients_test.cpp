#include <gtest/gtest.h>

#include <string>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::judge;

Case shown(const std::string& subject, const std::string& issuer) {
  Case about = test::tls_case(TlsMode::verify_full);
  Observation seen = test::good_tls();
  test::set_chain(seen, {{subject, issuer}, {issuer, "CN=Root,O=Own"}});
  about.evidence.add(seen);
  return about;
}

TEST(CausesOtherClients, ACertificateWithAlternativeNamesAloneIsInformation) {
  const Verdict verdict = judge(shown("", "CN=YR1,O=Let's Encrypt"), "tls-cn-only-client");
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.severity, Severity::info);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_FALSE(judge(shown("CN=db", "CN=YR1,O=Let's Encrypt"), "tls-cn-only-client").matched);
}

TEST(CausesOtherClients, RevocationIsNotAskedAndTheReasonSaysWhatIsKnown) {
  const Verdict theirs = judge(shown("CN=gw", "CN=YR1,O=Let's Encrypt"), "tls-ocsp-hardfail");
  EXPECT_FALSE(theirs.matched);
  EXPECT_NE(theirs.because.find("no OCSP any more"), std::string::npos);
  EXPECT_FALSE(judge(shown("CN=db", "CN=Mid,O=Own"), "tls-ocsp-hardfail").because.empty());
}

}  // namespace
}  // namespace plumb::tls
