#include "src/target_entry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

std::string error_of(const std::string& yaml) {
  const ParsedEntry parsed = parse_target_entry(yaml, true);
  EXPECT_EQ(parsed.entry.has_value(), parsed.error.empty());
  return "line " + std::to_string(parsed.line) + ": " + parsed.error;
}

TEST(TargetEntry, ALineIsATarget) {
  const ParsedEntry parsed = parse_target_entry("db:3306", false);
  ASSERT_TRUE(parsed.entry);
  EXPECT_EQ(parsed.entry->target.to_string(), "db:3306");
  EXPECT_EQ(parsed.entry->own, OwnOptions{});
  EXPECT_NE(parse_target_entry("db:0", false).error, "");
}

TEST(TargetEntry, AStringOfYamlIsOneToo) {
  const ParsedEntry parsed = parse_target_entry("- 'mysql://app@db:3306/shop'\n", true);
  ASSERT_TRUE(parsed.entry);
  EXPECT_EQ(parsed.entry->target.user, "app");
  EXPECT_EQ(parsed.entry->own, OwnOptions{});
}

TEST(TargetEntry, AMapSaysWhatDiffers) {
  const ParsedEntry parsed = parse_target_entry(
      "- target: db:3306\n"
      "  profile: aurora-direct\n"
      "  purpose: replication-source\n"
      "  connect_to: 10.0.0.7\n"
      "  server_name: orders\n"
      "  ca: /ca.pem\n"
      "  user: app\n"
      "  password_file: /pw\n"
      "  labels: {team: orders, tier_1: 'yes'}\n",
      true);
  ASSERT_TRUE(parsed.entry) << parsed.error;
  const OwnOptions& own = parsed.entry->own;
  EXPECT_EQ(own.profile, "aurora-direct");
  EXPECT_EQ(own.purpose, Purpose::replication_source);
  EXPECT_EQ(own.connect_to, Address::parse("10.0.0.7"));
  EXPECT_EQ(own.server_name, "orders");
  EXPECT_EQ(own.ca, "/ca.pem");
  EXPECT_EQ(own.user, "app");
  EXPECT_EQ(own.password_file, "/pw");
  EXPECT_THAT(parsed.entry->target.labels,
              UnorderedElementsAre(Pair("team", "orders"), Pair("tier_1", "yes")));
}

TEST(TargetEntry, WhatIsWrongHasItsLine) {
  EXPECT_EQ(error_of("- target: db\n  colour: red\n"), "line 1: unknown key 'colour'");
  EXPECT_EQ(error_of("- profile: mysql\n"), "line 0: it has no target");
  EXPECT_EQ(error_of("- target: db\n  ca: a\n  ca: b\n"), "line 2: a second ca");
  EXPECT_EQ(error_of("- target: db\n\n  purpose: none\n"),
            "line 2: expected connect, dms-source, dms-target or replication-source");
  EXPECT_EQ(error_of("- target: db\n  connect_to: other\n"), "line 1: expected an IP address");
  EXPECT_EQ(error_of("- target: db\n  ca: ''\n"), "line 1: ca is empty: leave it out");
  EXPECT_EQ(error_of("- target: db:0\n"), "line 0: the port '0' is not a number from 1 to 65535");
  EXPECT_EQ(error_of("- [db]\n"), "line 0: expected a target, or a map with one");
  EXPECT_EQ(error_of("- {target: db\n"), "line 1: end of map flow not found");
  EXPECT_THAT(error_of("- *other\n"), HasSubstr("line 0: "));
}

TEST(TargetEntry, APasswordIsRefusedAndNotEchoed) {
  const std::string error = error_of("- target: mysql://app:hunter2@db\n");
  EXPECT_THAT(error, HasSubstr("a password does not belong into a target"));
  EXPECT_THAT(error, Not(HasSubstr("hunter2")));
  EXPECT_THAT(error_of("- {target: db, password: hunter2}\n"), Not(HasSubstr("hunter2")));
}

TEST(TargetEntry, LabelsAreWhatMetricsCanCarry) {
  for (const char* bad : {"1x: a", "a-b: c", "__x: a", "target: a", "reason: a", "'': a"})
    EXPECT_THAT(error_of("- target: db\n  labels: {" + std::string(bad) + "}\n"),
                HasSubstr("line 1: a label's name is"))
        << bad;
  EXPECT_THAT(error_of("- {target: db, labels: {x: \"\\e[31m\"}}\n"), HasSubstr("printable"));
  EXPECT_EQ(error_of("- {target: db, labels: [x]}\n"), "line 0: labels must be a map of texts");
}

TEST(TargetEntry, NoByteOfItReachesATerminalAsItIs) {
  EXPECT_THAT(error_of("- {target: db, \"\\e[31m\": x}\n"), Not(HasSubstr("\x1b")));
  EXPECT_THAT(error_of("- {target: db, user: \"\\e[31m\"}\n"),
              HasSubstr("user holds bytes that no terminal should get"));
}

}  // namespace
}  // namespace plumb
