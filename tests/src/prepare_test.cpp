#include "src/prepare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "probe/wire/trust.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

CheckOptions of(std::vector<std::string> targets) {
  CheckOptions options;
  options.targets = std::move(targets);
  return options;
}

TEST(Prepare, TargetsInTheirOrderAndWhatWasCleaned) {
  const Prepared prepared = prepare(of({"b:1", "jdbc:mysql://a:2"}));
  EXPECT_EQ(prepared.error, "");
  const auto settings = std::make_shared<engine::Settings>(prepared.settings);
  Orders orders(prepared, settings);
  const NextOrder next = orders.of_shard();
  for (const char* expected : {"b:1", "a:2"}) {
    const std::optional<Order> order = next();
    ASSERT_TRUE(order);
    EXPECT_EQ(order->target.to_string(), expected);
    EXPECT_EQ(order->settings, settings) << "shared, not copied";
  }
  EXPECT_FALSE(next());
  EXPECT_EQ(prepared.count, 2U);
  ASSERT_EQ(prepared.notes.size(), 1u);
  EXPECT_THAT(prepared.notes[0], HasSubstr("the target is read as a:2"));
  EXPECT_TRUE(prepared.settings.trusts.contains("system")) << "the default";
}

TEST(Prepare, RootsAreThoseOfEachTargetsProfile) {
  const Prepared prepared =
      prepare(of({"db", "gateway01.us-east-1.prod.aws.tidbcloud.com", "10.0.0.1"}));
  EXPECT_EQ(prepared.error, "");
  EXPECT_EQ(prepared.settings.trusts.size(), 2U);
  EXPECT_TRUE(prepared.settings.trusts.contains("isrg-roots"));
  CheckOptions given = of({"gateway01.us-east-1.prod.aws.tidbcloud.com"});
  given.settings.ca = "isrg-root-x1";
  EXPECT_TRUE(prepare(given).settings.trusts.contains("isrg-root-x1"));
}

TEST(Prepare, AProfileIsChosenByNameAndAFileOfThemIsRead) {
  const support::TemporaryDirectory files;
  CheckOptions options = of({"db"});
  options.settings.profile = "orders-db";
  EXPECT_EQ(prepare(options).error,
            "--profile: no profile is called orders-db; 'plumb profiles' lists them all");
  options.profile_file = files.write("p.yaml", "- name: orders-db\n  ca: /nonexistent/ca.pem\n");
  const Prepared prepared = prepare(options);
  EXPECT_EQ(prepared.error, "") << "a file that a profile names is the application's trouble too";
  EXPECT_THAT(prepared.notes, Contains(HasSubstr("profile orders-db: cannot open")));
  EXPECT_EQ(prepared.settings.trusts.at("/nonexistent/ca.pem")->count(), 0);
  options.profile_file = files.write("q.yaml", "- name: B\n");
  EXPECT_THAT(prepare(options).error, HasSubstr("--profile-file: "));
}

TEST(Prepare, AUrlWithAPasswordIsRefusedAndNotEchoed) {
  const Prepared prepared = prepare(of({"mysql://app:hunter2@db"}));
  EXPECT_NE(prepared.error, "");
  EXPECT_THAT(prepared.error, Not(HasSubstr("hunter2")));
}

TEST(Prepare, PasswordBelongsToAnAccount) {
  const support::TemporaryDirectory files;
  CheckOptions options = of({"db"});
  options.password_file = files.write("pw", "secret\n");
  EXPECT_THAT(prepare(options).error, HasSubstr("--user"));
  options.targets = {"mysql://app@db"};
  CheckOptions without = of({"mysql://app@db"});
  EXPECT_THAT(prepare(without).notes, Contains(HasSubstr("the login is anonymous")));
  const Prepared prepared = prepare(options);
  EXPECT_EQ(prepared.error, "");
  ASSERT_TRUE(prepared.settings.password);
  EXPECT_EQ(prepared.settings.password->reveal(), "secret");
}

TEST(Prepare, TheFamilyOfTheSourceIsTheOnlyOneUsed) {
  CheckOptions options = of({"db"});
  options.settings.source = Address::parse("127.0.0.2");
  const Prepared prepared = prepare(options);
  EXPECT_TRUE(prepared.settings.ipv4);
  EXPECT_FALSE(prepared.settings.ipv6);
  options.targets = {"[::1]:3306"};
  EXPECT_EQ(prepare(options).error, "the target [::1]:3306 is excluded by --source 127.0.0.2");
  options.settings.source.reset();
  EXPECT_EQ(prepare(options).error, "");
  options.settings.ipv6 = false;
  EXPECT_EQ(prepare(options).error, "the target [::1]:3306 is excluded by -4 or -6");
}

TEST(Prepare, UnreadableFilesAreSaid) {
  CheckOptions options = of({"db"});
  options.settings.ca = "/nonexistent.pem";
  EXPECT_THAT(prepare(options).error, HasSubstr("--ca: "));
  options.settings.ca.clear();
  options.settings.client_certificate_file = "/nonexistent.crt";
  options.settings.client_key_file = "/nonexistent.key";
  EXPECT_THAT(prepare(options).error, HasSubstr("--tls-cert, --tls-key: "));
}

TEST(Prepare, EntriesOfAListSayWhatDiffersAndNeighboursShareIt) {
  const support::TemporaryDirectory files;
  CheckOptions options = of({"first"});
  options.target_lists = {files.write("l",
                                      "- {target: a, connect_to: 10.0.0.1, ca: isrg-root-x1}\n"
                                      "- {target: b, connect_to: 10.0.0.1, ca: isrg-root-x1}\n"
                                      "- c\n")};
  const Prepared prepared = prepare(options);
  ASSERT_EQ(prepared.error, "");
  EXPECT_EQ(prepared.count, 4U);
  const auto settings = std::make_shared<engine::Settings>(prepared.settings);
  Orders orders(prepared, settings);
  const NextOrder next = orders.of_shard();
  std::vector<Order> all;
  while (auto order = next()) all.push_back(*std::move(order));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].settings, settings);
  EXPECT_EQ(all[1].settings->connect_to, Address::parse("10.0.0.1"));
  EXPECT_EQ(all[1].settings, all[2].settings);
  EXPECT_EQ(all[3].settings, settings);
  EXPECT_EQ(all[3].target.host, "c");
  EXPECT_EQ(all[3].index, 3U);
  EXPECT_EQ(orders.error(), "");
}

TEST(Prepare, WhatIsWrongInAListHasItsFileAndLine) {
  const support::TemporaryDirectory files;
  CheckOptions options;
  options.target_lists = {files.write("l", "- a\n- target: b\n  colour: red\n")};
  EXPECT_EQ(prepare(options).error, files.path("l") + ", line 3: unknown key 'colour'");
  options.target_lists = {files.write("m", "- a\n- {target: b, ca: /nonexistent.pem}\n")};
  EXPECT_THAT(prepare(options).error, HasSubstr(files.path("m") + ", line 2: ca: cannot open"));
  options.target_lists = {files.write("n", "a\nb:0\n")};
  EXPECT_THAT(prepare(options).error, HasSubstr(files.path("n") + ", line 2: the port '0'"));
}

// As shard and place: what each of two goes through.
std::map<std::string, std::set<std::size_t>> owners(const CheckOptions& options) {
  const Prepared prepared = prepare(options);
  EXPECT_EQ(prepared.error, "");
  Orders orders(prepared, std::make_shared<engine::Settings>(prepared.settings));
  std::map<std::string, std::set<std::size_t>> owners;
  std::set<std::size_t> places;
  for (std::size_t shard = 0; shard < 2; ++shard) {
    const NextOrder next = orders.of_shard(shard, 2);
    while (const auto order = next()) {
      owners[order->target.host].insert(shard);
      EXPECT_TRUE(places.insert(order->index).second) << "one target, one shard";
    }
  }
  EXPECT_EQ(places.size(), prepared.count);
  return owners;
}

TEST(Orders, ANameIsOneShardsWhateverElseIsSaidOfIt) {
  const support::TemporaryDirectory files;
  CheckOptions options;
  std::string lines, yaml;
  for (int i = 0; i < 50; ++i) {
    const std::string host = "db" + std::to_string(i) + ".example";
    lines += host + ":3306\n" + host + ":4000\n";
    yaml += "- " + host + ":1\n- {target: " + host + ":2, user: x}\n- user: y\n  target: " + host +
            ":3\n";
  }
  for (const std::string& list : {lines, yaml}) {
    options.target_lists = {files.write("l", list)};
    const auto of = owners(options);
    EXPECT_EQ(of.size(), 50U);
    std::set<std::size_t> used;
    for (const auto& [host, shards] : of) {
      EXPECT_EQ(shards.size(), 1U) << host;
      used.insert(shards.begin(), shards.end());
    }
    EXPECT_EQ(used.size(), 2U) << "both have something to do";
  }
}

std::string lines_of(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += "db" + std::to_string(i) + "\n";
  return lines;
}

// More than one piece of the text behind what is kept.
TEST(Orders, ALongListComesWholeAndInItsOrder) {
  const support::TemporaryDirectory files;
  CheckOptions options;
  constexpr std::size_t kCount = Prepared::kKept + 20'000;
  options.target_lists = {files.write("l", lines_of(kCount))};
  const Prepared prepared = prepare(options);
  ASSERT_EQ(prepared.error, "");
  EXPECT_EQ(prepared.first.size(), Prepared::kKept);
  for (const std::size_t shards : {1U, 3U}) {
    Orders orders(prepared, std::make_shared<engine::Settings>(prepared.settings));
    std::set<std::string> seen;
    for (std::size_t shard = 0; shard < shards; ++shard) {
      const NextOrder next = orders.of_shard(shard, shards);
      while (const auto order = next()) {
        EXPECT_EQ(order->target.host, "db" + std::to_string(order->index));
        seen.insert(order->target.host);
      }
    }
    EXPECT_EQ(seen.size(), kCount);
    EXPECT_EQ(orders.error(), "");
  }
}

TEST(Orders, ALongListThatChangedEndsWhereItIsNoticed) {
  const support::TemporaryDirectory files;
  CheckOptions options;
  options.target_lists = {files.write("l", lines_of(Prepared::kKept + 20'000))};
  const Prepared prepared = prepare(options);
  ASSERT_EQ(prepared.error, "");
  files.write("l", "a\n");
  Orders orders(prepared, std::make_shared<engine::Settings>(prepared.settings));
  const NextOrder next = orders.of_shard();
  std::size_t given = 0;
  while (next()) ++given;
  EXPECT_GE(given, Prepared::kKept);
  EXPECT_LT(given, Prepared::kKept + 20'000);
  EXPECT_THAT(orders.error(), HasSubstr("it was written to while it was read"));
}

TEST(Orders, AShortListIsWhatWasLookedAt) {
  const support::TemporaryDirectory files;
  CheckOptions options;
  options.target_lists = {files.write("l", "a\nb\n")};
  const Prepared prepared = prepare(options);
  files.write("l", "a\n");
  Orders orders(prepared, std::make_shared<engine::Settings>(prepared.settings));
  const NextOrder next = orders.of_shard();
  EXPECT_EQ(next()->target.host, "a");
  EXPECT_EQ(next()->target.host, "b");
  EXPECT_FALSE(next());
  EXPECT_EQ(orders.error(), "");
}

}  // namespace
}  // namespace plumb
