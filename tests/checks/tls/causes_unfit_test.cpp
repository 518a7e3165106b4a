#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::bound;
using test::judge;
using ::testing::HasSubstr;

constexpr const char* kWeak = "tls-weak-certificate";
constexpr const char* kInvalid = "tls-certificate-invalid";

Case with_code(int code, int depth, TlsMode mode = TlsMode::verify_full) {
  Case about = test::tls_case(mode);
  Observation seen = test::good_tls();
  test::set_path(seen,
                 {{"CN=db.example.com", "CN=Mid"}, {"CN=Mid", "CN=Root"}, {"CN=Root", "CN=Root"}});
  test::distrust(seen, code, depth, {"CN=Root"});
  seen.failure = Failure::certificate_invalid;
  seen.facts.set(key::tls_verify_text, std::string("OpenSSL's words"));
  about.evidence.add(seen);
  return about;
}

TEST(CausesUnfit, EachCodeHasItsCertificateAndItsReason) {
  struct Row {
    int code, depth;
    const char *id, *culprit, *broken;
  };
  for (const Row& row :
       std::vector<Row>{{66, 0, kWeak, "CN=db.example.com", "key"},
                        {67, 1, kWeak, "CN=Mid", "key"},
                        {68, 1, kWeak, "CN=Mid", "SHA-1"},
                        {7, 0, kInvalid, "CN=db.example.com", "signature"},
                        {22, 2, kInvalid, "CN=Root", "longer"},
                        {25, 1, kInvalid, "CN=Mid", "path length"},
                        {26, 0, kInvalid, "CN=db.example.com", "serverAuth"},
                        {47, 0, kInvalid, "CN=db.example.com", "name constraints"},
                        {79, 1, kInvalid, "CN=Mid", "CA:TRUE"},
                        {42, 5, kInvalid, "a certificate without a subject", "OpenSSL's words"}}) {
    const Verdict verdict = judge(with_code(row.code, row.depth), row.id);
    ASSERT_TRUE(verdict.matched) << row.code;
    EXPECT_EQ(verdict.confidence, Confidence::certain) << row.code;
    EXPECT_EQ(verdict.severity, Severity::error) << row.code;
    EXPECT_EQ(bound(verdict, "culprit"), row.culprit) << row.code;
    EXPECT_THAT(bound(verdict, "broken"), HasSubstr(row.broken)) << row.code;
    EXPECT_FALSE(
        judge(with_code(row.code, row.depth), std::string(row.id) == kWeak ? kInvalid : kWeak)
            .matched);
  }
}

TEST(CausesUnfit, TheKeyIsNamedWhereItIsTheKey) {
  Case about = with_code(66, 0);
  std::vector<Facts> rows(1);
  rows[0].set(key::cert_key, std::string("RSA-1024"));
  about.evidence.observations[0].facts.set(key::tls_path, rows);
  EXPECT_THAT(bound(judge(about, kWeak), "broken"), HasSubstr("(RSA-1024)"));
}

TEST(CausesUnfit, AMissingIssuerAndOpenSslsOwnTroubleAreOtherMatters) {
  for (const int code : {1, 2, 17, 18, 19, 20, 21})
    for (const char* id : {kWeak, kInvalid})
      EXPECT_FALSE(judge(with_code(code, 0), id).matched) << code;
  EXPECT_FALSE(judge(with_code(7, 1), kInvalid).matched) << "the root has another key";
}

TEST(CausesUnfit, IsInformationWhereThePolicyDoesNotAsk) {
  EXPECT_EQ(judge(with_code(79, 1, TlsMode::required), kInvalid).severity, Severity::info);
  EXPECT_EQ(judge(with_code(66, 0, TlsMode::preferred), kWeak).severity, Severity::info);
  EXPECT_EQ(judge(with_code(66, 0, TlsMode::verify_ca), kWeak).severity, Severity::error);
}

}  // namespace
}  // namespace plumb::tls
