#include "probe/model/fact.hpp"

#include <gtest/gtest.h>

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
  EXPECT_EQ(facts.begin()->first, "x.name");
  EXPECT_EQ(*facts.get(kName), "b");
  Facts more;
  more.set(kCount, std::int64_t{9});
  facts.merge(more);
  EXPECT_EQ(*facts.get(kCount), 9);
  EXPECT_EQ(*facts.get(kName), "b");
}

}  // namespace
}  // namespace plumb
