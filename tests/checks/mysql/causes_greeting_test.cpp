#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "checks/tcp/causes.hpp"
#include "probe/model/experiment.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;

test::Script ends(Failure how) {
  test::Script played;
  played.end = {how, {}, {}};
  return played;
}
test::Script speaks(std::string_view text) {
  return script({wire::Bytes(text.begin(), text.end())});
}

TEST(GreetingCauses, ClosedResetOrSilent) {
  EXPECT_EQ(CaseOf().add(anonymous(), ends(Failure::eof)).found(),
            (Ids{"mysql-eof-before-greeting", "mysql-server-shutting-down-1053",
                 "mysql-proxy-protocol-mismatch"}));
  EXPECT_EQ(CaseOf().add(anonymous(), ends(Failure::reset)).found(),
            Ids{"tcp-reset-during-connect"});
  EXPECT_EQ(CaseOf().add(anonymous(), ends(Failure::timed_out)).found(),
            (Ids{"mysql-no-greeting-timeout", "mysql-hostname-lookup-1042",
                 "mysql-proxy-protocol-mismatch"}));
}

test::CaseBuilder mute_for(double ms) {
  test::CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect("10.0.0.1:3306").then(Phase::greeting, Failure::timed_out);
  about.fact(key::waited_ms, ms);
  return about;
}
Verdict judge(const test::CaseBuilder& about, std::string_view id) {
  for (const Cause& cause : greeting_causes())
    if (cause.id == id) return cause.match(about.build());
  return Verdict::no("no such row");
}

// A server that waits for a PROXY header outlasts every lookup, and answers no ClientHello.
TEST(GreetingCauses, SilenceIsNeverCertain) {
  constexpr std::string_view kSilence = "mysql-no-greeting-timeout";
  for (const double waited : {10000.0, 31000.0}) {
    test::CaseBuilder about = mute_for(waited);
    EXPECT_EQ(judge(about, kSilence).confidence, Confidence::likely) << waited;
    about.followup(experiment::kTlsFirst, "10.0.0.1:3306").then(Phase::tls, Failure::timed_out);
    EXPECT_EQ(judge(about, kSilence).confidence, Confidence::likely) << waited;
    EXPECT_EQ(judge(about, kSilence).evidence.back(), about.last());
  }
}

TEST(GreetingCauses, SilenceMayBeALookupUnlessItWaitsForTlsOrLastsTooLong) {
  constexpr std::string_view kLookup = "mysql-hostname-lookup-1042";
  test::CaseBuilder about = mute_for(10000);
  EXPECT_EQ(judge(about, kLookup).confidence, Confidence::possible);
  EXPECT_FALSE(judge(about, kLookup).decide_by.empty());
  about.followup(experiment::kTlsFirst, "10.0.0.1:3306").then(Phase::tls);
  EXPECT_FALSE(judge(about, kLookup).matched);
  EXPECT_FALSE(judge(mute_for(31000), kLookup).matched);
}

TEST(GreetingCauses, SomethingElseSpeaks) {
  CaseOf http;
  http.add(anonymous(), speaks("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_EQ(http.found(), Ids{"mysql-not-mysql-server"});
  EXPECT_EQ(bound(http.judge("mysql-not-mysql-server"), "protocol"), "http");
  EXPECT_EQ(bound(http.judge("mysql-not-mysql-server"), "banner"), "HTTP/1.1 400 Bad Request");
  using namespace std::string_view_literals;
  EXPECT_EQ(CaseOf().add(anonymous(), speaks("\x05\0\0\0\x0b\x08\x05"sv)).found(),
            Ids{"mysql-x-protocol-port"});
  CaseOf garbled;
  garbled.add(anonymous(), speaks("\x03\0\0\0\x0a\x08\x05"sv));
  EXPECT_EQ(garbled.judge("mysql-not-mysql-server").confidence, Confidence::likely);
}

Verdict strange_on_every_port(const std::string& protocol, const char* id) {
  test::CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect("10.0.0.1:3306").then(Phase::greeting, Failure::not_mysql);
  about.fact(key::other_protocol, protocol);
  for (const char* other : {"10.0.0.1:4000", "10.0.0.1:443"})
    about.followup(experiment::kSecondPort, other).then(Phase::greeting, Failure::eof);
  for (const Cause& cause : tcp_causes())
    if (cause.id == id) return cause.match(about.build());
  return judge(about, id);
}

TEST(GreetingCauses, HttpOnEveryPortMayComeFromSomethingOnTheWay) {
  constexpr const char* kStranger = "mysql-not-mysql-server";
  const Verdict proxy = strange_on_every_port("http", "tcp-transparent-proxy");
  for (const char* protocol : {"http", "unknown"}) {
    const Verdict verdict = strange_on_every_port(protocol, kStranger);
    EXPECT_EQ(verdict.confidence, Confidence::likely) << protocol;
    EXPECT_LT(proxy.rank, verdict.rank);
    EXPECT_FALSE(verdict.decide_by.empty());
  }
  EXPECT_EQ(strange_on_every_port("ssh", kStranger).confidence, Confidence::certain);
}

TEST(GreetingCauses, LookupOfOurName) {
  CaseOf about;
  about.add(anonymous(), script({test::err(0, 1042, "Can't get hostname for your address")}));
  EXPECT_EQ(about.found(), Ids{"mysql-hostname-lookup-1042"});
  Case slow;
  Observation greeting;
  greeting.phase = Phase::greeting;
  greeting.facts.set(key::greeting_ms, 10200.0);
  slow.evidence.add(greeting);
  for (const Cause& cause : greeting_causes()) {
    const Verdict verdict = cause.match(slow);
    EXPECT_EQ(verdict.matched, cause.id == "mysql-hostname-lookup-1042") << cause.id;
    if (!verdict.matched) continue;
    EXPECT_EQ(verdict.severity, Severity::warning);
    EXPECT_EQ(verdict.confidence, Confidence::likely);
    EXPECT_EQ(bound(verdict, "waited"), "10.2");
  }
}

}  // namespace
}  // namespace plumb::mysql
