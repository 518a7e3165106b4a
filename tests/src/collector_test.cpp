#include "src/collector.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <thread>

namespace plumb {
namespace {

TEST(Collector, EveryReportComesOnceAndOneAtATime) {
  constexpr std::size_t kEach = 20'000;
  std::set<std::size_t> seen;
  const EachReport each = [&seen](Report&&, std::size_t index) { seen.insert(index); };
  Collector collector(each, 3);
  std::vector<std::thread> shards;
  for (std::size_t shard = 0; shard < 3; ++shard)
    shards.emplace_back([&collector, shard] {
      for (std::size_t i = 0; i < kEach; ++i) collector.add(shard, Report{}, shard * kEach + i);
    });
  for (std::thread& shard : shards) shard.join();
  collector.finish();
  EXPECT_EQ(seen.size(), 3 * kEach);
}

TEST(Collector, AConsumerThatThrowsDoesNotLockTheOthersOut) {
  int taken = 0;
  const EachReport each = [&taken](Report&&, std::size_t) {
    if (++taken == 1) throw std::runtime_error("disk full");
  };
  Collector collector(each, 2);
  EXPECT_THROW(collector.add(0, Report{}, 0), std::runtime_error);
  collector.add(1, Report{}, 1);
  EXPECT_EQ(taken, 2);
}

}  // namespace
}  // namespace plumb
