#include "probe/net/random_ids.hpp"

#include <gtest/gtest.h>

#include <set>

namespace plumb::net {
namespace {

TEST(RandomIds, SpreadOverTheWholeRangeAndDifferBetweenTwo) {
  RandomIds one, other;
  std::set<std::uint16_t> seen;
  int same = 0, high = 0;
  constexpr int kCount = 4096;
  for (int i = 0; i < kCount; ++i) {
    const std::uint16_t id = one.next();
    seen.insert(id);
    same += id == other.next();
    high += id >= 0x8000;
  }
  EXPECT_GT(seen.size(), 3800u) << "of 65,536, a few fall together";
  EXPECT_LT(same, 10);
  EXPECT_GT(high, kCount / 3);
  EXPECT_LT(high, 2 * kCount / 3);
}

}  // namespace
}  // namespace plumb::net
