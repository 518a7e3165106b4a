#include "probe/net/question_rate.hpp"

#include <algorithm>
#include <random>

namespace plumb::net {
namespace {

using Duration = std::chrono::steady_clock::duration;

// All that one target asks of one resolver: six names of a search list in two families.
constexpr double kLeastBurst = 12;
constexpr double kBurstSeconds = 0.2;

Duration seconds(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

}  // namespace

QuestionRate::QuestionRate(double per_second) : jitter_(std::random_device()()) {
  if (per_second <= 0) return;
  slot_ = seconds(1 / per_second);
  burst_ = seconds(std::max(kBurstSeconds, kLeastBurst / per_second)) - slot_;
}

QuestionRate::Time QuestionRate::turn(const Endpoint& resolver, Time now) {
  if (slot_ <= Duration::zero()) return now;
  Time& next = next_slot_.try_emplace(resolver, now - burst_).first->second;
  const Time mine = std::max(next, now - burst_);
  next = mine + slot_;
  return mine <= now ? now : within_slot(mine);
}

QuestionRate::Time QuestionRate::within_slot(Time slot) {
  jitter_ = jitter_ * 6364136223846793005ULL + 1442695040888963407ULL;  // Knuth's MMIX
  const double share = static_cast<double>(jitter_ >> 11) * 0x1p-53;
  return slot + std::chrono::duration_cast<Duration>(share * slot_);
}

}  // namespace plumb::net
