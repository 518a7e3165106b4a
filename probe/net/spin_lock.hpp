// The lock of what the shards of one process share: what it remembers of each server, and who is
// admitted where. Held for a look into a table, never across a suspension, and hardly ever wanted by
// two shards at once, so waiting is a few turns of a loop and no system call.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

namespace plumb::net {

class SpinLock {
 public:
  void lock() {
    for (int turn = 0; held_.test_and_set(std::memory_order_acquire); ++turn)
      if (turn % kTurns == kTurns - 1) std::this_thread::yield();  // whoever holds it has no core
  }
  void unlock() { held_.clear(std::memory_order_release); }

 private:
  static constexpr int kTurns = 1000;
  std::atomic_flag held_ = ATOMIC_FLAG_INIT;
};

using Holding = std::unique_lock<SpinLock>;

}  // namespace plumb::net
