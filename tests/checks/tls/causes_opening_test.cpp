#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "checks/tls/causes.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"
#include "tests/support/tls_case.hpp"

namespace plumb::tls {
namespace {

using test::CaseBuilder;
using test::judge;
constexpr const char* kAt = "10.0.0.1:3306";
constexpr const char* kTlsFirst = "tls-direct-before-greeting";
constexpr const char* kSni = "tls-sni-missing-or-stripped";

CaseBuilder mute() {
  CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect(kAt).then(Phase::greeting, Failure::timed_out);
  return about;
}

TEST(CausesOpening, AListenerThatAnswersAClientHelloFirst) {
  CaseBuilder https = mute(), listener = mute(), silent = mute();
  https.followup(experiment::kTlsFirst, kAt).then(Phase::tls, Failure::certificate_untrusted);
  EXPECT_EQ(judge(https.build(), kTlsFirst).confidence, Confidence::likely);
  listener.followup(experiment::kTlsFirst, kAt).then(Phase::tls).then(Phase::greeting).login();
  const Verdict verdict = judge(listener.build(), kTlsFirst);
  EXPECT_EQ(verdict.confidence, Confidence::certain);
  EXPECT_EQ(verdict.severity, Severity::error);
  EXPECT_EQ(verdict.evidence.back(), listener.last());
  silent.followup(experiment::kTlsFirst, kAt).then(Phase::tls, Failure::timed_out);
  EXPECT_FALSE(judge(silent.build(), kTlsFirst).matched);
  EXPECT_FALSE(judge(mute().build(), kTlsFirst).matched) << "nobody tried";
}

Case refused(const std::string& target, int alert, bool sent_name) {
  CaseBuilder about(target);
  about.connect(kAt).then(Phase::greeting).then(Phase::tls, Failure::tls_alert);
  about.fact(key::tls_alert, std::int64_t{alert});
  if (sent_name) about.fact(key::tls_sni, std::string("db.example.com"));
  return about.build();
}

TEST(CausesOpening, TheServerNameWasRefusedOrMissing) {
  EXPECT_EQ(judge(refused("db.example.com:3306", 112, true), kSni).confidence, Confidence::likely);
  EXPECT_EQ(judge(refused("10.0.0.1:3306", 112, false), kSni).confidence, Confidence::likely);
  EXPECT_EQ(test::bound(judge(refused("10.0.0.1:3306", 112, false), kSni), "sent_name"),
            "no name was sent");
  EXPECT_EQ(judge(refused("10.0.0.1:3306", 40, false), kSni).confidence, Confidence::possible);
  EXPECT_FALSE(judge(refused("db.example.com:3306", 40, true), kSni).matched)
      << "rather no common cipher";
}

}  // namespace
}  // namespace plumb::tls
