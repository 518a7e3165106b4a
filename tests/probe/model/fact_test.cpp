#include "probe/model/fact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace plumb {
namespace {

constexpr Key<std::int64_t> kCount{"x.count", "", ""};
constexpr Key<double> kCountAsReal{"x.count", "", ""};
constexpr Key<std::string> kName{"x.name", "", ""};

TEST(Facts, AreTypedThroughTheirKey) {
  Facts facts;
  EXPECT_FALSE(facts.has(kCount));
  facts.set(kCount, std::int64_t{3});
  EXPECT_EQ(facts.get_or(kCount, std::int64_t{0}), 3);
  EXPECT_FALSE(facts.has(kCountAsReal)) << "another type is absent, not converted";
}

TEST(Facts, KeepTheirOrderAndTheLastValue) {
  Facts facts;
  facts.set(kName, std::string("a"));
  facts.set(kCount, std::int64_t{1});
  facts.set(kName, std::string("b"));
  EXPECT_TRUE(facts.begin()->first == "x.name");
  EXPECT_EQ(*facts.get(kName), "b");
  Facts more;
  more.set(kCount, std::int64_t{9});
  facts.merge(more);
  EXPECT_EQ(*facts.get(kCount), 9);
  EXPECT_EQ(*facts.get(kName), "b");
}

TEST(Facts, AreFoundByNameHoweverTheyCameIn) {
  Facts facts;
  facts.set_raw("x.count", Value(std::int64_t{4}));
  EXPECT_EQ(facts.get_or(kCount, std::int64_t{0}), 4);
  facts.set(kCount, std::int64_t{5});
  EXPECT_EQ(std::ranges::distance(facts), 1);
  facts.set_raw("x.count", Value(std::string("six")));
  EXPECT_FALSE(facts.has(kCount)) << "of another type now";
}

// Two names may have the same bit: then the names decide.
TEST(Facts, TellNamesOfTheSameBitApart) {
  Facts facts;
  for (int i = 0; i < 200; ++i) facts.set_raw("x." + std::to_string(i), Value(std::int64_t{i}));
  EXPECT_EQ(std::ranges::distance(facts), 200);
  EXPECT_FALSE(facts.has(kCount));
  for (int i = 0; i < 200; ++i) {
    const std::string name = "x." + std::to_string(i);
    EXPECT_EQ(facts.get_or(Key<std::int64_t>(name, "", ""), std::int64_t{-1}), i);
  }
}

TEST(Facts, OfACopyAreItsOwn) {
  Facts facts;
  facts.set(kCount, std::int64_t{1});
  Facts copy = facts;
  EXPECT_EQ(copy, facts);
  copy.set(kCount, std::int64_t{2});
  EXPECT_EQ(*facts.get(kCount), 1);
  EXPECT_FALSE(copy == facts);
  Facts merged;
  merged.merge(facts);
  merged.set(kName, std::string("m"));
  EXPECT_FALSE(facts.has(kName));
}

TEST(Facts, AreTheSameWithoutSpareRoom) {
  Facts facts;
  facts.shrink();
  EXPECT_TRUE(facts.empty());
  facts.set(kCount, std::int64_t{1});
  facts.set_raw("x.read", Value(true));
  const Facts before = facts;
  facts.shrink();
  EXPECT_EQ(facts, before);
  facts.set(kName, std::string("later"));
  EXPECT_EQ(*facts.get(kName), "later");
}

TEST(Facts, KeepTheNameThatWasRead) {
  Facts copy;
  {
    Facts facts;
    facts.set_raw(std::string(40, 'n'), Value(true));
    copy = facts;
  }
  EXPECT_EQ(std::string_view(copy.begin()->first), std::string(40, 'n'));
}

}  // namespace
}  // namespace plumb
