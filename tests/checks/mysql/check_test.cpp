#include "checks/mysql/check.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

TEST(MysqlCheck, StartsAConversation) {
  const auto exchange = mysql_check().exchange(anonymous());
  ASSERT_NE(exchange, nullptr);
  EXPECT_TRUE(std::holds_alternative<wire::Receive>(exchange->next(wire::Started{}, Micros(0))));
}

TEST(MysqlCheck, ItsFactsAreTheOnesThatConversationsProduce) {
  std::set<std::string, std::less<>> declared;
  for (const KeyInfo& info : mysql_check().facts) {
    EXPECT_TRUE(info.name.starts_with("mysql.")) << info.name;
    EXPECT_FALSE(info.what.empty());
    EXPECT_TRUE(declared.insert(std::string(info.name)).second) << info.name;
  }
  const auto heard = test::play(maker(with_account()),
                                script({test::GreetingFrame().bytes(), test::auth_more(2, 4),
                                        test::err(4, 1045, "no", "28000")}));
  for (const Observation& seen : heard.observations)
    for (const auto& [fact, value] : seen.facts) {
      const std::string_view name = fact;
      EXPECT_TRUE(declared.contains(name)) << name;
    }
}

}  // namespace
}  // namespace plumb::mysql
