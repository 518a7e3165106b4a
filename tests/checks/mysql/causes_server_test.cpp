#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::mysql {
namespace {

constexpr std::string_view kWrong = "mysql-wrong-server-answered";

Verdict judge(const test::CaseBuilder& about, std::string_view id) {
  for (const Cause& cause : server_causes())
    if (cause.id == id) return cause.match(about.build());
  return Verdict::no("no such row");
}

test::CaseBuilder greets_as(const std::string& flavor, std::string_view profile) {
  test::CaseBuilder about("db.example.com:4000");
  about.profile(profile).resolved({"10.0.0.1"}).connect("10.0.0.1:4000").then(Phase::greeting);
  about.fact(key::flavor, flavor).fact(key::version, std::string("8.0.36"));
  return about;
}

TEST(ServerCauses, AnotherKindOfServerIsLikelyTheWrongOne) {
  for (const auto& [flavor, profile] : {std::pair{"mysql", "tidb-dedicated-private"},
                                        {"mariadb", "tidb-starter-private-aws"},
                                        {"tidb", "aurora-direct"},
                                        {"mysql", "mariadb"}}) {
    const Verdict verdict = judge(greets_as(flavor, profile), kWrong);
    EXPECT_TRUE(verdict.matched) << flavor << " " << profile;
    EXPECT_EQ(verdict.confidence, Confidence::likely);
    EXPECT_EQ(verdict.severity, Severity::error);
    EXPECT_EQ(bound(verdict, "version"), "8.0.36");
  }
}

TEST(ServerCauses, WhoeverMayGreetThereIsNoStranger) {
  for (const auto& [flavor, profile] : {std::pair{"tidb", "tidb-dedicated-private"},
                                        {"tiproxy", "tidb-dedicated-private"},
                                        {"tidb-gateway", "tidb-starter-public-aws"},
                                        {"mysql", "aurora-direct"},
                                        {"mariadb", "rds-direct"},
                                        {"unknown", "tidb-premium"},
                                        {"mariadb", "mysql"},
                                        {"tidb", "aws-vpce"}})
    EXPECT_FALSE(judge(greets_as(flavor, profile), kWrong).matched) << flavor << " " << profile;
}

TEST(ServerCauses, WhereALoginIsAnsweredItIsAWarning) {
  test::CaseBuilder about = greets_as("mysql", "tidb-dedicated-private");
  about.login();
  EXPECT_EQ(judge(about, kWrong).severity, Severity::warning);
}

TEST(ServerCauses, ReadOnlyByNumberAndText) {
  const auto hello = test::GreetingFrame().bytes();
  const auto found = [&](std::uint16_t code, std::string_view text) {
    return CaseOf().add(with_account(), script({hello, test::err(2, code, text)})).found();
  };
  const std::vector<std::string_view> read_only{"mysql-read-only-target"};
  EXPECT_EQ(found(1290, "The MySQL server is running with the --read-only option"), read_only);
  EXPECT_EQ(found(1836, "Running in read-only mode"), read_only);
  EXPECT_TRUE(found(1290, "running with the --secure-file-priv option").empty());
}

TEST(ServerCauses, IdleByItsPacketOnly) {
  const auto hello = test::GreetingFrame().bytes();
  CaseOf about;
  about.add(anonymous(), script({hello, test::err(2, 4031, "disconnected because of inactivity")}));
  EXPECT_EQ(about.judge("mysql-connection-idle-4031").confidence, Confidence::certain);
  CaseOf closed;
  closed.add(anonymous(), script({hello}));
  EXPECT_FALSE(closed.judge("mysql-connection-idle-4031").matched);
}

}  // namespace
}  // namespace plumb::mysql
