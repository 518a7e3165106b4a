#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "probe/model/experiment.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

using Ids = std::vector<std::string_view>;

Ids refused_at_once(std::uint16_t code, std::string_view text) {
  return CaseOf().add(anonymous(), script({test::err(0, code, text)})).found();
}
Ids refused_at_login(std::uint16_t code, std::string_view text) {
  return CaseOf()
      .add(anonymous(), script({test::GreetingFrame().bytes(), test::err(2, code, text)}))
      .found();
}

TEST(RefusalCauses, ByNumberInPlaceOfTheGreetingOrAtTheLogin) {
  EXPECT_EQ(refused_at_once(1129, "Host 'h' is blocked"), Ids{"mysql-host-blocked-1129"});
  EXPECT_EQ(refused_at_once(1130, "Host 'h' is not allowed"), Ids{"mysql-host-not-allowed-1130"});
  EXPECT_EQ(refused_at_once(1040, "Too many connections"), Ids{"mysql-too-many-connections-1040"});
  EXPECT_EQ(refused_at_login(1040, "Too many connections"), Ids{"mysql-too-many-connections-1040"});
  EXPECT_EQ(refused_at_login(1203, "x"), Ids{"mysql-user-connection-limit-1203-1226"});
  EXPECT_EQ(refused_at_login(1226, "x"), Ids{"mysql-user-connection-limit-1203-1226"});
  EXPECT_EQ(refused_at_login(1053, "Server shutdown in progress"),
            Ids{"mysql-server-shutting-down-1053"});
  EXPECT_EQ(refused_at_login(3159, "Connections using insecure transport are prohibited"),
            Ids{"mysql-secure-transport-3159"});
}

TEST(RefusalCauses, NameTheHostThatTheServerSees) {
  CaseOf about;
  about.add(anonymous(),
            script({test::err(0, 1129, "Host '10.0.99.54' is blocked because of many")}));
  const Verdict verdict = about.judge("mysql-host-blocked-1129");
  EXPECT_EQ(bound(verdict, "server_sees"), "10.0.99.54");
  EXPECT_EQ(verdict.severity, Severity::critical);
}

TEST(RefusalCauses, UnverifiedTextsAreNeverCertain) {
  CaseOf about;
  about.add(anonymous(), script({test::GreetingFrame().bytes(), test::err(2, 1203, "x")}));
  EXPECT_EQ(about.judge("mysql-user-connection-limit-1203-1226").confidence, Confidence::likely);
}

TEST(RefusalCauses, ABlockedHostSaysWhetherAnotherAddressWorks) {
  CaseOf alone, beside;
  const auto blocked = script({test::err(0, 1129, "Host '10.0.99.54' is blocked")});
  alone.add(anonymous(), blocked);
  EXPECT_EQ(bound(alone.judge("mysql-host-blocked-1129"), "elsewhere"),
            "No other address lets a login through.");
  beside.add(anonymous(), blocked)
      .add(anonymous(), script({test::GreetingFrame().bytes(), test::ok(2)}));
  EXPECT_EQ(bound(beside.judge("mysql-host-blocked-1129"), "elsewhere"),
            "Through another address a login still works.");
}

TEST(RefusalCauses, MariaDbInsistsOnTlsInTheWordsOfAWrongPassword) {
  constexpr std::string_view kInsists = "mysql-secure-transport-3159";
  const auto denied = test::err(2, 1045, "Access denied for user 'app'@'10.0.0.5'");
  CaseOf said, offers, offers_none;
  said.add(anonymous(), script({test::GreetingFrame().bytes(), test::err(2, 3159, "x")}));
  EXPECT_EQ(said.judge(kInsists).confidence, Confidence::certain);
  EXPECT_EQ(bound(said.judge(kInsists), "the"), "The");
  offers.add(with_account(), script({test::GreetingFrame().caps(test::kTlsCaps).bytes(), denied}));
  EXPECT_EQ(offers.judge(kInsists).confidence, Confidence::possible);
  EXPECT_EQ(bound(offers.judge(kInsists), "the"), "Possibly the");
  offers_none.add(with_account(), script({test::GreetingFrame().bytes(), denied}));
  EXPECT_FALSE(offers_none.judge(kInsists).matched);
}

constexpr std::string_view kShutdown = "mysql-server-shutting-down-1053";
constexpr const char* kAt = "10.0.0.1:3306";

Verdict shutdown(const test::CaseBuilder& about) {
  for (const Cause& cause : refusal_causes())
    if (cause.id == kShutdown) return cause.match(about.build());
  return Verdict::no("no such row");
}
test::CaseBuilder cut_off(bool inside_tls) {
  test::CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect(kAt).then(Phase::greeting);
  if (inside_tls) about.tls(true, true, true);
  about.login("anonymous", Failure::eof).fact(key::login_secure, inside_tls);
  return about;
}
void cut_off_again(test::CaseBuilder& about) {
  about.followup(experiment::kRepeat, kAt).then(Phase::greeting).login("anonymous", Failure::eof);
}

TEST(RefusalCauses, AShutdownMayCutOffWithoutAWord) {
  for (const bool inside_tls : {false, true}) {
    test::CaseBuilder about = cut_off(inside_tls);
    EXPECT_EQ(shutdown(about).confidence, Confidence::possible);
    EXPECT_FALSE(shutdown(about).decide_by.empty());
    test::CaseBuilder recovered = about;
    recovered.followup_works(experiment::kRepeat, kAt);
    EXPECT_LT(shutdown(recovered).rank, shutdown(about).rank);
    cut_off_again(about);
    cut_off_again(about);
    EXPECT_EQ(shutdown(about).matched, inside_tls) << "a server that goes on greeting stays up";
  }
}

TEST(RefusalCauses, TidbClosesBeforeItsGreetingOthersDoNot) {
  test::CaseBuilder about("db.example.com:3306");
  about.connect(kAt).then(Phase::greeting, Failure::eof);
  EXPECT_TRUE(shutdown(about.profile("tidb-dedicated-private")).matched);
  EXPECT_FALSE(shutdown(about.profile("aurora-direct")).matched);
}

}  // namespace
}  // namespace plumb::mysql
