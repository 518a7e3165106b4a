#include "probe/net/question_rate.hpp"

#include <algorithm>

namespace plumb::net {
namespace {

// All that one target asks of one resolver: six names of a search list in two families.
constexpr double kLeastBurst = 12;
constexpr double kBurstSeconds = 0.2, kAnywhereInItsSlot = 1;

int burst(double per_second) {
  return static_cast<int>(std::clamp(per_second * kBurstSeconds, kLeastBurst, 1e6));
}

}  // namespace

QuestionRate::QuestionRate(double per_second)
    : fresh_(per_second, burst(per_second), kAnywhereInItsSlot) {}

QuestionRate::Time QuestionRate::turn(const Endpoint& resolver, Time now) {
  return paces_.try_emplace(resolver, fresh_).first->second.next(now);
}

}  // namespace plumb::net
