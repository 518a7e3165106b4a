#include "probe/diagnose/seen_working.hpp"

#include <gtest/gtest.h>

#include <string>

namespace plumb {
namespace {

TEST(SeenWorking, KnowsWhatWasAddedByKindAndValue) {
  SeenWorking seen;
  seen.add(0, "10.0.0.1");
  seen.add(1, "10.0.0.2");
  seen.settle();
  EXPECT_TRUE(seen.contains(0, "10.0.0.1"));
  EXPECT_FALSE(seen.contains(1, "10.0.0.1")) << "another kind";
  EXPECT_FALSE(seen.contains(0, "10.0.0.2"));
  EXPECT_TRUE(seen.contains(1, "10.0.0.2"));
}

TEST(SeenWorking, KeepsEachOnceHoweverOftenItCame) {
  SeenWorking seen;
  for (int i = 0; i < 100'000; ++i) seen.add(0, std::to_string(i % 10));
  EXPECT_LE(seen.size(), 10'000U);
  seen.settle();
  EXPECT_EQ(seen.size(), 10U);
}

TEST(SeenWorking, LosesNoneOfMany) {
  SeenWorking seen;
  for (int i = 0; i < 50'000; ++i) seen.add(0, std::to_string(i));
  seen.settle();
  EXPECT_EQ(seen.size(), 50'000U);
  for (int i = 0; i < 50'000; ++i) EXPECT_TRUE(seen.contains(0, std::to_string(i)));
  EXPECT_FALSE(seen.contains(0, "50000"));
}

}  // namespace
}  // namespace plumb
