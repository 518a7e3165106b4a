#include "src/entry_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using testing::HasSubstr;

TargetEntry entry(const std::string& rest, const std::string& target = "db:3306") {
  return *parse_target_entry("- {target: '" + target + "', " + rest + "}\n", true).entry;
}

class Admitting : public testing::Test {
 protected:
  std::string admit(const TargetEntry& entry) { return own_.admit(entry, base_, notes_); }
  std::shared_ptr<const engine::Settings> of(const TargetEntry& entry) {
    if (!plain_) {
      own_.finish(base_);
      plain_ = std::make_shared<engine::Settings>(base_);
    }
    return own_.of(entry.own, plain_);
  }

  support::TemporaryDirectory files_;
  engine::Settings base_;
  EntrySettings own_{false};
  std::vector<std::string> notes_;
  std::shared_ptr<const engine::Settings> plain_;
};

TEST_F(Admitting, WhoSaysNothingHasTheCommandLines) {
  EXPECT_EQ(admit(entry("labels: {a: b}")), "");
  EXPECT_EQ(of(entry("labels: {a: b}")), plain_);
}

TEST_F(Admitting, TheSameSettingsAreOneObject) {
  const TargetEntry one = entry("ca: isrg-root-x1, profile: aurora-direct"),
                    other = entry("purpose: dms-source");
  EXPECT_EQ(admit(one) + admit(other), "");
  const auto settings = of(one);
  EXPECT_EQ(settings->ca, "isrg-root-x1");
  EXPECT_EQ(settings->profile, "aurora-direct");
  EXPECT_EQ(of(one), settings);
  EXPECT_EQ(of(other)->purpose, Purpose::dms_source);
  EXPECT_EQ(of(other)->ca, "");
  EXPECT_TRUE(settings->trusts.contains("system")) << "of another entry: all have all";
  EXPECT_TRUE(plain_->trusts.contains("isrg-root-x1"));
}

TEST_F(Admitting, WhatIsAnEntrysAloneIsSetOnTopOfWhatItShares) {
  const TargetEntry one =
      entry("ca: isrg-root-x1, connect_to: 10.0.0.7, server_name: other, user: app");
  EXPECT_EQ(admit(one), "");
  const auto settings = of(one);
  EXPECT_EQ(settings->connect_to, Address::parse("10.0.0.7"));
  EXPECT_EQ(settings->server_name, "other");
  EXPECT_EQ(settings->user, "app");
  EXPECT_EQ(settings->ca, "isrg-root-x1");
}

TEST_F(Admitting, APasswordFileIsReadOnceAndNeedsAUser) {
  const std::string file = files_.write("pw", "secret\n");
  EXPECT_EQ(admit(entry("password_file: " + file)), "password_file needs a user");
  const TargetEntry one = entry("user: app, password_file: " + file),
                    other = entry("password_file: " + file, "mysql://x@db");
  EXPECT_EQ(admit(one), "");
  files_.write("pw", "changed\n");
  EXPECT_EQ(admit(other), "");
  EXPECT_EQ(of(one)->password->reveal(), "secret");
  EXPECT_EQ(of(other)->password->reveal(), "secret");
  EXPECT_FALSE(plain_->password);
}

TEST_F(Admitting, ThePasswordOfTheCommandLineIsForThoseWithoutTheirOwn) {
  const TargetEntry one = entry("ca: isrg-root-x1");
  EXPECT_EQ(admit(one), "");
  base_.password = Secret("ours");
  EXPECT_EQ(of(one)->password->reveal(), "ours");
}

TEST_F(Admitting, WhatCannotBeUsedIsSaidBeforeTheFirstPacket) {
  EXPECT_EQ(admit(entry("profile: nonsense")),
            "no profile is called nonsense; 'plumb profiles' lists them all");
  EXPECT_THAT(admit(entry("ca: /nonexistent.pem")), HasSubstr("ca: cannot open /nonexistent.pem"));
  EXPECT_THAT(admit(entry("user: app, password_file: /nonexistent")),
              HasSubstr("password_file: cannot read the password file /nonexistent"));
  EXPECT_EQ(EntrySettings(true).admit(entry("user: app, password_file: '-'"), base_, notes_),
            "password_file: stdin is read by the command line already");
  base_.ipv6 = false;
  EXPECT_EQ(admit(entry("connect_to: '::1'")), "connect_to is excluded by -4 or -6");
  EXPECT_EQ(admit(entry("labels: {a: b}", "[::1]:3306")),
            "the target [::1]:3306 is excluded by -4 or -6");
  EXPECT_EQ(admit(entry("connect_to: 127.0.0.1", "[::1]:3306")), "");
  base_.pinned_target = Address::parse("10.0.0.1");
  EXPECT_THAT(admit(entry("connect_to: 10.0.0.7")), HasSubstr("--pinned-target"));
}

}  // namespace
}  // namespace plumb
