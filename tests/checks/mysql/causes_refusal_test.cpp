#include <gtest/gtest.h>

#include "tests/checks/mysql/conversation.hpp"

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

}  // namespace
}  // namespace plumb::mysql
