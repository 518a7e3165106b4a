// Wall-clock limits in tests: a busy machine is late once, not each of three times.
#pragma once

#include <chrono>

namespace plumb::test {

template <class Attempt>
bool in_time(std::chrono::milliseconds limit, Attempt attempt) {
  for (int i = 0; i < 3; ++i) {
    const auto began = std::chrono::steady_clock::now();
    attempt();
    if (std::chrono::steady_clock::now() - began < limit) return true;
  }
  return false;
}

}  // namespace plumb::test
