#include "probe/net/pace.hpp"

#include <gtest/gtest.h>

namespace plumb::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
const Pace::Time kBegin{seconds(1000)};

TEST(Pace, WithoutARateNobodyWaits) {
  Pace pace(0, 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pace.next(kBegin), kBegin);
  EXPECT_TRUE(pace.idle(kBegin));
}

TEST(Pace, ABurstGoesAtOnceAndTheRestIsSpaced) {
  Pace pace(10, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.next(kBegin), kBegin);
  const auto fourth = pace.next(kBegin), fifth = pace.next(kBegin);
  EXPECT_GE(fourth - kBegin, milliseconds(100));
  EXPECT_LE(fourth - kBegin, milliseconds(113)) << "the jitter is an eighth at most";
  EXPECT_GE(fifth - kBegin, milliseconds(200));
  EXPECT_FALSE(pace.idle(kBegin));
}

TEST(Pace, ALongRestGivesTheBurstBackAndNoMore) {
  Pace pace(10, 3);
  for (int i = 0; i < 5; ++i) pace.next(kBegin);
  const auto later = kBegin + seconds(100);
  EXPECT_TRUE(pace.idle(later));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.next(later), later);
  EXPECT_GT(pace.next(later), later);
}

TEST(Pace, NeverMoreThanTheRateInALongTime) {
  Pace pace(500, 50);
  auto now = kBegin;
  int begun = 0;
  while (now < kBegin + seconds(10)) {
    now = std::max(now, pace.next(now));
    ++begun;
  }
  EXPECT_LE(begun, 10 * 500 + 50 + 1);
  EXPECT_GE(begun, 10 * 500 * 8 / 9);
}

}  // namespace
}  // namespace plumb::net
