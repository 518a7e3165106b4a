#include "checks/mysql/refusal.hpp"

#include <gtest/gtest.h>

namespace plumb::mysql {
namespace {

ServerError error(int code, std::string text = "text") {
  return {static_cast<std::uint16_t>(code), "HY000", std::move(text)};
}

TEST(Refusal, AnAnonymousNameIsRefusedByHealthyServers) {
  for (const int code : {1044, 1045, 1049, 1251, 1524, 1698, 1862, 3118, 3955, 4151})
    EXPECT_FALSE(keeps_out(error(code), false)) << code;
  EXPECT_FALSE(
      keeps_out(error(1105, "Missing user name prefix. See https://docs.pingcap.com/x"), false));
}

TEST(Refusal, OverloadAndPolicyKeepEverybodyOut) {
  for (const int code : {1040, 1053, 1129, 1130, 1203, 1226, 3159, 1105, 1043})
    EXPECT_TRUE(keeps_out(error(code), false)) << code;
  EXPECT_TRUE(keeps_out(error(1045, "ip not in whitelist"), false));
  EXPECT_TRUE(keeps_out(
      error(1105, "Due to the usage quota being exhausted, access to the cluster"), false));
}

TEST(Refusal, AnAccountIsKeptOutByEveryError) {
  for (const int code : {1044, 1045, 1105, 3118}) EXPECT_TRUE(keeps_out(error(code), true)) << code;
}

TEST(Refusal, OnlyRefusedPasswordsMustNotBeTriedAgain) {
  for (const int code : {1045, 1862, 3118, 3955, 4151})
    EXPECT_TRUE(forbids_retry(error(code), true)) << code;
  for (const int code : {1040, 1044, 1049, 1053, 1129, 3159})
    EXPECT_FALSE(forbids_retry(error(code), true)) << code;
  EXPECT_FALSE(forbids_retry(error(1045, "ip not in whitelist"), true));
  EXPECT_TRUE(forbids_retry(error(1045), false));
  EXPECT_FALSE(forbids_retry(error(1040), false));
}

TEST(Refusal, SaysWhoAnswered) {
  EXPECT_EQ(who_answered(error(1045), "mysql"), "server");
  EXPECT_EQ(who_answered(error(1105, "Missing user name prefix"), "tidb"), "gateway");
  EXPECT_EQ(who_answered(error(1105, "x. See https://docs.pingcap.com/y"), "unknown"), "gateway");
  EXPECT_EQ(who_answered(error(1105, "No available TiDB instances"), "tidb"), "tiproxy");
  EXPECT_EQ(who_answered(error(1105, "something"), "tidb-gateway"), "unknown");
  EXPECT_EQ(who_answered(error(1105, "something"), "tidb"), "server");
}

}  // namespace
}  // namespace plumb::mysql
