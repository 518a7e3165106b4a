#include "probe/diagnose/seen_things.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plumb {
namespace {

std::uint64_t thing(const char* kind, int i) { return SeenThings::hash(kind + std::to_string(i)); }

TEST(SeenThings, FewAreExact) {
  SeenThings seen;
  EXPECT_FALSE(seen.contains(thing("a", 1)));
  for (int i = 0; i < 1000; ++i) seen.add(thing("a", i));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.contains(thing("a", i)));
    EXPECT_FALSE(seen.contains(thing("b", i)));
  }
}

TEST(SeenThings, OfAMillionNoneIsLostAndHardlyAnyIsMadeUp) {
  SeenThings seen;
  for (int i = 0; i < 1'000'000; ++i) seen.add(thing("10.0.", i));
  for (int i = 0; i < 1'000'000; i += 997) EXPECT_TRUE(seen.contains(thing("10.0.", i)));
  int made_up = 0;
  for (int i = 0; i < 100'000; ++i) made_up += seen.contains(thing("other", i)) ? 1 : 0;
  EXPECT_LT(made_up, 200);
}

}  // namespace
}  // namespace plumb
