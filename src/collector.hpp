// The reports of several shards, handed to one consumer, on the first shard's thread: what is written,
// and what a signal interrupts, is one thread's. The others put theirs into a box each and go on; only
// where the consumer is far behind, as before a pipe that nobody reads, they wait for it. What was
// consumed goes back to the shard that made it, to be freed there: a report is hundreds of blocks of
// that thread's arena, and freeing them elsewhere makes both threads wait for the allocator's lock
// (measured: all the futex calls there were).
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "probe/net/spin_lock.hpp"
#include "src/run_targets.hpp"

namespace plumb {

class Collector {
 public:
  static constexpr std::size_t kMostWaiting = 4096;  // reports of one shard

  Collector(const EachReport& each, std::size_t shards);

  // On the shard's own thread:
  void add(std::size_t shard, Report&& report, std::size_t index);
  void broke(std::exception_ptr why);  // the first one is thrown at the end
  void ended();

  // On the first shard's:
  void hand_over();
  bool under_way() const { return under_way_ > 0; }
  void finish();  // when no shard runs any more

 private:
  using Reports = std::vector<std::pair<Report, std::size_t>>;
  struct alignas(64) Box {  // a cache line of its own
    net::SpinLock lock;
    Reports reports, consumed;
    std::atomic<std::size_t> waiting{0};
  };
  void consume(Box& box);
  void wait_for_room(Box& box);

  const EachReport& each_;
  std::vector<Box> boxes_;
  std::atomic<std::size_t> under_way_;
  std::mutex mutex_;
  std::exception_ptr broken_;
};

}  // namespace plumb
