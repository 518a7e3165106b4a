#include "probe/engine/plan.hpp"

#include <gtest/gtest.h>

namespace plumb::engine {
namespace {

const Check kTalk{"mysql", {}, {}, nullptr};

Plan plan_for(const char* text, const Settings& settings = {}) {
  const ParsedTarget parsed = parse_target(text);
  return make_plan(*parsed.target, std::make_shared<Settings>(settings), kTalk);
}

TEST(Plan, TriesBothPortsWhereNobodyKnows) {
  EXPECT_EQ(plan_for("db.example.com").ports, (std::vector<std::uint16_t>{4000, 3306}));
  EXPECT_EQ(plan_for("db.example.com:3307").ports, (std::vector<std::uint16_t>{3307}));
  EXPECT_EQ(plan_for("gateway01.us-east-1.prod.aws.tidbcloud.com").ports,
            (std::vector<std::uint16_t>{4000}));
}

TEST(Plan, ACaOrANameMeansVerifyFullUnlessSaidOtherwise) {
  Settings settings;
  EXPECT_EQ(plan_for("db.example.com", settings).policy.tls, TlsMode::preferred);
  settings.ca = "/etc/ca.pem";
  EXPECT_EQ(plan_for("db.example.com", settings).policy.tls, TlsMode::verify_full);
  settings.tls = TlsMode::required;
  EXPECT_EQ(plan_for("db.example.com", settings).policy.tls, TlsMode::required);
}

TEST(Plan, NeverTheAccountWithoutItsPassword) {
  Settings settings;
  settings.user = "app";
  const Plan without = plan_for("db.example.com", settings);
  EXPECT_FALSE(without.account.is_account);
  EXPECT_EQ(without.policy.account, "");
  settings.password = Secret("s3cret");
  const Plan with = plan_for("mysql://other@db.example.com/shop", settings);
  EXPECT_EQ(with.account.user, "app") << "--user wins over the target's";
  EXPECT_EQ(with.account.database, "shop");
  EXPECT_EQ(with.anonymous.user, "plumb_probe");
  EXPECT_TRUE(with.anonymous.password.empty());
}

TEST(Plan, ChecksTheCertificateForTheServerName) {
  Settings settings;
  settings.server_name = "real.example.com";
  EXPECT_EQ(plan_for("alias.example.com", settings).tls.server_name, "real.example.com");
  EXPECT_EQ(plan_for("alias.example.com").tls.server_name, "alias.example.com");
}

}  // namespace
}  // namespace plumb::engine
