#include <gtest/gtest.h>

#include <chrono>

#include "checks/mysql/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"

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
            Ids{"mysql-eof-before-greeting"});
  EXPECT_EQ(CaseOf().add(anonymous(), ends(Failure::reset)).found(),
            Ids{"tcp-reset-during-connect"});
  EXPECT_EQ(CaseOf().add(anonymous(), ends(Failure::timed_out)).found(),
            Ids{"mysql-no-greeting-timeout"});
}

TEST(GreetingCauses, ShortPatienceIsAtMostLikely) {
  CaseOf about;
  about.add(anonymous(), ends(Failure::timed_out));
  EXPECT_EQ(about.judge("mysql-no-greeting-timeout").confidence, Confidence::certain);
  about.budget(std::chrono::seconds(5));
  EXPECT_EQ(about.judge("mysql-no-greeting-timeout").confidence, Confidence::likely);
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
    EXPECT_EQ(bound(verdict, "waited"), "10.2");
  }
}

}  // namespace
}  // namespace plumb::mysql
