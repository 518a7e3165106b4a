#include "probe/model/copy_on_write.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace plumb {
namespace {

using Shared = CopyOnWrite<std::string>;

Shared holding(std::string text) {
  Shared shared;
  shared.own() = std::move(text);
  return shared;
}

TEST(CopyOnWrite, HoldsNothingUntilItIsOwned) {
  Shared shared;
  EXPECT_EQ(shared.get(), nullptr);
  EXPECT_EQ(shared.own(), "");
  EXPECT_NE(shared.get(), nullptr);
}

TEST(CopyOnWrite, CopiesShareUntilOneIsChanged) {
  Shared one = holding("a");
  Shared other = one;
  EXPECT_EQ(one.get(), other.get());
  other.own() += "b";
  EXPECT_EQ(*one.get(), "a");
  EXPECT_EQ(*other.get(), "ab");
  const std::string* const alone = one.get();
  one.own() += "c";
  EXPECT_EQ(one.get(), alone) << "the only owner changes in place";
}

TEST(CopyOnWrite, IsAssignedAndMovedAsAValue) {
  Shared one = holding("a"), other = holding("b");
  other = one;
  EXPECT_EQ(other.get(), one.get());
  const Shared& same = other;
  other = same;
  EXPECT_EQ(*other.get(), "a");
  const Shared taken = std::move(other);
  EXPECT_EQ(*taken.get(), "a");
  one = {};
  EXPECT_EQ(*taken.get(), "a");
}

// For the thread sanitizer: copies of one value, each changed in a thread of its own.
TEST(CopyOnWrite, CopiesMayLiveInDifferentThreads) {
  for (int round = 0; round < 200; ++round) {
    Shared first = holding("a");
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([copy = first]() mutable {
        const Shared again = copy;
        copy.own() += *again.get();
        EXPECT_EQ(*copy.get(), "aa");
      });
    first.own() += "b";
    EXPECT_EQ(*first.get(), "ab");
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace plumb
