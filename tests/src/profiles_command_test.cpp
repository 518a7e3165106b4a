#include "src/profiles_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ProfilesCommand, ListsAllOrPrintsOneInFull) {
  const auto all = captured([] { return profiles_command({}); });
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("\nheatwave-egress-aurora  "));
  const auto one = captured(
      [] { return profiles_command({.name = "tidb-serverless-public-aws", .profile_file = ""}); });
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.out, StartsWith("tidb-starter-public-aws\n")) << "the old name";
  EXPECT_THAT(one.out, HasSubstr("verify-full"));
}

TEST(ProfilesCommand, KnowsTheUsersOwn) {
  const support::TemporaryDirectory files;
  ProfilesOptions options;
  options.profile_file = files.write("p.yaml", "- name: orders-db\n  like: rds-direct\n");
  options.name = "orders-db";
  const auto one = captured([&] { return profiles_command(options); });
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.out, HasSubstr("Like          rds-direct\n"));
  options.profile_file = files.write("q.yaml", "- name: A\n");
  const auto wrong = captured([&] { return profiles_command(options); });
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, StartsWith("plumb: --profile-file: "));
}

TEST(ProfilesCommand, AnUnknownNameIsWrongUsage) {
  const auto typed =
      captured([] { return profiles_command({.name = "aurora", .profile_file = ""}); });
  EXPECT_EQ(typed.code, 2);
  EXPECT_EQ(typed.err, "plumb: no profile is called aurora; 'plumb profiles' lists them all\n");
}

}  // namespace
}  // namespace plumb
