#include "checks/registry.hpp"

#include <gtest/gtest.h>

#include <set>

namespace plumb {
namespace {

TEST(Registry, NamesAreUniqueAndEachCheckFindsCausesButThePathWhichOnlyLearns) {
  std::set<std::string_view> names;
  for (const Check& check : checks()) {
    EXPECT_TRUE(names.insert(check.name).second) << check.name;
    EXPECT_EQ(check.causes.empty(), check.name == "path") << check.name;
    EXPECT_FALSE(check.facts.empty()) << check.name;
  }
  EXPECT_EQ(names, (std::set<std::string_view>{"dns", "tcp", "tls", "mysql", "session", "cloud", "path"}));
}

TEST(Registry, NoFactIsDeclaredTwice) {
  std::set<std::string_view> names;
  for (const Check& check : checks())
    for (const KeyInfo& fact : check.facts)
      EXPECT_TRUE(names.insert(fact.name).second) << fact.name;
}

TEST(Registry, ExactlyOneCheckTalks) {
  int talking = 0;
  for (const Check& check : checks()) talking += check.exchange ? 1 : 0;
  EXPECT_EQ(talking, 1);
}

}  // namespace
}  // namespace plumb
