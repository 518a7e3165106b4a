#include <gtest/gtest.h>

#include <cstdint>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "probe/model/experiment.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

using test::CaseBuilder;
constexpr const char* kAt = "10.0.0.1:3306";

Verdict judge(const CaseBuilder& about) { return header_causes().front().match(about.build()); }

std::string bound(const Verdict& verdict, std::string_view name) {
  return std::string(verdict.bound(name));
}

CaseBuilder greeted() {
  CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect(kAt).then(Phase::greeting);
  return about;
}
CaseBuilder broken_at_login(Failure how) {
  CaseBuilder about = greeted();
  about.login("anonymous", how);
  return about;
}
CaseBuilder broken_at_tls(Failure how, const std::string& raw = "") {
  CaseBuilder about = greeted();
  about.then(Phase::tls, how).raw(raw);
  return about;
}
void breaks_again(CaseBuilder& about, std::string_view experiment, int times) {
  for (int i = 0; i < times; ++i)
    about.followup(experiment, kAt).then(Phase::greeting).login("anonymous", Failure::eof);
}

TEST(HeaderCauses, OneBreakIsPossibleTheSameOnEveryTryIsLikely) {
  for (const Failure how : {Failure::eof, Failure::reset}) {
    CaseBuilder about = broken_at_login(how);
    EXPECT_EQ(judge(about).confidence, Confidence::possible);
    breaks_again(about, experiment::kRepeat, 1);
    EXPECT_EQ(judge(about).confidence, Confidence::possible);
    breaks_again(about, experiment::kRepeat, 1);
    const Verdict verdict = judge(about);
    EXPECT_EQ(verdict.confidence, Confidence::likely);
    EXPECT_EQ(bound(verdict, "tries"), "It did so on all of 3 tries.");
    EXPECT_EQ(verdict.evidence.size(), 3U);
  }
}

TEST(HeaderCauses, WithAndWithoutTlsIsLikely) {
  CaseBuilder about = broken_at_tls(Failure::tls_eof);
  EXPECT_EQ(judge(about).confidence, Confidence::possible);
  breaks_again(about, experiment::kWithoutTls, 1);
  const Verdict verdict = judge(about);
  EXPECT_EQ(verdict.confidence, Confidence::likely);
  EXPECT_LT(verdict.rank, 100);
  EXPECT_EQ(bound(verdict, "tries"), "It did so on all of 2 tries, with and without TLS.");
}

TEST(HeaderCauses, AnErrorPacketInPlaceOfTlsIsABreakToo) {
  EXPECT_TRUE(judge(broken_at_tls(Failure::tls_protocol, "wrong version number")).matched);
  EXPECT_FALSE(judge(broken_at_tls(Failure::tls_protocol, "unsupported protocol")).matched);
  CaseBuilder named = broken_at_tls(Failure::tls_protocol, "wrong version number");
  named.fact(key::error_text, std::string("Proxy header is not accepted from 10.0.30.1"));
  EXPECT_EQ(judge(named).confidence, Confidence::certain);
  EXPECT_EQ(bound(judge(named), "breaks"), bound(judge(broken_at_tls(Failure::reset)), "breaks"))
      << "whether the packet or the reset wins is chance";
}

TEST(HeaderCauses, OneAnsweredLoginDisprovesIt) {
  for (const std::string_view experiment :
       {experiment::kRepeat, experiment::kWithoutTls, experiment::kSmallSegments}) {
    CaseBuilder about = broken_at_tls(Failure::tls_eof);
    about.followup(experiment, kAt).then(Phase::greeting).login();
    EXPECT_FALSE(judge(about).matched) << experiment;
    CaseBuilder stalled = broken_at_login(Failure::timed_out);
    stalled.followup(experiment, kAt).then(Phase::greeting).login();
    EXPECT_FALSE(judge(stalled).matched) << experiment;
  }
}

TEST(HeaderCauses, ErrorsAboutPacketsArePossibleUntilOtherTriesShowThem) {
  for (const std::int64_t code : {1043, 1156}) {
    CaseBuilder about = broken_at_login(Failure::mysql_error);
    about.fact(key::error_code, code);
    EXPECT_EQ(judge(about).confidence, Confidence::possible) << code;
    breaks_again(about, experiment::kRepeat, 2);
    EXPECT_EQ(judge(about).confidence, Confidence::likely) << code;
  }
}

// MariaDB's words, as the lab hears them.
TEST(HeaderCauses, AServerThatNamesTheHeaderSettlesIt) {
  CaseBuilder about = broken_at_tls(Failure::tls_eof);
  about.followup(experiment::kWithoutTls, kAt)
      .then(Phase::greeting)
      .login("anonymous", Failure::mysql_error)
      .fact(key::error_code, std::int64_t{1130})
      .fact(key::error_text, std::string("Proxy header is not accepted from 10.0.30.1"));
  EXPECT_EQ(judge(about).confidence, Confidence::certain);
  EXPECT_EQ(bound(judge(about), "tries"), "Its error names the header.");
}

TEST(HeaderCauses, InsideTlsItIsARunnerUpThatOnlyAProxyExplains) {
  CaseBuilder about = greeted();
  about.tls(true, true, true).login("anonymous", Failure::eof).fact(key::login_secure, true);
  const Verdict verdict = judge(about);
  EXPECT_EQ(verdict.confidence, Confidence::possible);
  EXPECT_EQ(verdict.rank, 130);
  EXPECT_NE(bound(verdict, "why").find("proxy that ends TLS"), std::string::npos);
}

TEST(HeaderCauses, AServerThatWaitsForAHeaderIsMute) {
  CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect(kAt).then(Phase::greeting, Failure::timed_out);
  EXPECT_EQ(judge(about).confidence, Confidence::possible);
  CaseBuilder listener = about;
  listener.followup(experiment::kTlsFirst, kAt).then(Phase::tls);
  EXPECT_FALSE(judge(listener).matched);
  about.followup(experiment::kRepeat, kAt).then(Phase::greeting).login("anonymous", Failure::eof);
  EXPECT_FALSE(judge(about).matched);
}

TEST(HeaderCauses, TheRemedyServesBothDirections) {
  std::string commands;
  for (const RemedyTemplate& step : header_causes().front().remedy) commands += step.command;
  EXPECT_NE(commands.find("Value=false"), std::string::npos);
  EXPECT_NE(commands.find("Value=true"), std::string::npos);
}

// Silence of a repeat neither confirms nor is left out of the count.
TEST(HeaderCauses, ASilentRepeatConfirmsNothing) {
  CaseBuilder about = broken_at_login(Failure::eof);
  breaks_again(about, experiment::kRepeat, 1);
  about.followup(experiment::kRepeat, kAt)
      .then(Phase::greeting)
      .login("anonymous", Failure::timed_out);
  EXPECT_EQ(judge(about).confidence, Confidence::possible);
  EXPECT_EQ(bound(judge(about), "tries"), "It did so on 2 of 3 tries.");
}

TEST(HeaderCauses, AHealthyServerHasNone) {
  CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).works(kAt);
  EXPECT_FALSE(judge(about).matched);
  EXPECT_FALSE(judge(about).because.empty());
}

}  // namespace
}  // namespace plumb::mysql
