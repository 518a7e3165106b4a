// The reports of several shards, handed to one consumer by one at a time. A shard never waits for
// another: whoever finds the consumer busy keeps its reports and hands them over with the next one,
// at the next tick, or when all is over.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "src/run_targets.hpp"

namespace plumb {

class Collector {
 public:
  Collector(const EachReport& each, std::size_t shards) : each_(each), boxes_(shards) {}

  // On the shard's own thread:
  void add(std::size_t shard, Report&& report, std::size_t index);
  void hand_over(std::size_t shard);
  // What else concerns the consumer; left out where it is busy.
  void when_free(const std::function<void()>& act);

  void finish();  // when no shard runs any more

 private:
  struct alignas(64) Box {  // a cache line of its own
    std::vector<std::pair<Report, std::size_t>> reports;
  };
  void empty(Box& box);

  const EachReport& each_;
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::vector<Box> boxes_;
};

}  // namespace plumb
