#include "checks/mysql/causes.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

TEST(MysqlCauses, RowsAreWhole) {
  std::set<std::string_view> ids;
  for (const Cause& cause : causes()) {
    EXPECT_TRUE(ids.insert(cause.id).second) << cause.id;
    EXPECT_FALSE(cause.title.empty()) << cause.id;
    EXPECT_FALSE(cause.shows_as.empty()) << cause.id;
    EXPECT_FALSE(cause.summary.empty()) << cause.id;
    EXPECT_FALSE(cause.look_alikes.empty()) << cause.id;
    EXPECT_FALSE(cause.source.empty()) << cause.id;
    ASSERT_FALSE(cause.remedy.empty()) << cause.id;
    for (const RemedyTemplate& remedy : cause.remedy) EXPECT_FALSE(remedy.text.empty()) << cause.id;
  }
  EXPECT_EQ(ids.size(), causes().size());
}

TEST(MysqlCauses, HealthyCasesHaveNone) {
  const auto hello = test::GreetingFrame().bytes();
  CaseOf about;
  about.add(anonymous(), script({hello, test::err(2, 1045, "Access denied for user", "28000")}))
      .add(with_account(), script({hello, test::ok(2)}))
      .add(with_account(TlsMode::verify_full), over_tls(tls_report(), {test::ok(3)}));
  EXPECT_EQ(about.found(), std::vector<std::string_view>());
  for (const Cause& cause : causes())
    EXPECT_FALSE(cause.match(about.value()).because.empty()) << cause.id;
}

TEST(MysqlCauses, WhatIsNotCertainSaysWhatDecides) {
  const auto hello = test::GreetingFrame().bytes();
  std::vector<std::pair<Conversation, test::Script>> faults;
  for (const int code : {1040, 1042, 1043, 1044, 1045, 1049, 1053, 1105, 1129, 1130, 1153, 1156,
                         1159, 1203, 1226, 1251, 1524, 1820, 1862, 3118, 3159, 3955, 4151}) {
    const auto number = static_cast<std::uint16_t>(code);
    faults.emplace_back(
        with_account(),
        script({hello, test::err(2, number, "ip not in whitelist, user-name-prefix")}));
    faults.emplace_back(with_account(), script({test::err(0, number, "x")}));
  }
  faults.emplace_back(with_account(), script({hello}));
  faults.emplace_back(with_account(), script({}));
  for (const auto& [conversation, played] : faults) {
    CaseOf about;
    about.add(conversation, played);
    for (const Cause& cause : causes()) {
      const Verdict verdict = cause.match(about.value());
      if (!verdict.matched || verdict.confidence == Confidence::certain) continue;
      EXPECT_FALSE(cause.decide_by.empty() && verdict.decide_by.empty()) << cause.id;
    }
  }
}

}  // namespace
}  // namespace plumb::mysql
