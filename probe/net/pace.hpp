// A rate as a schedule: who comes is told when it may begin. A burst goes at once, then the rate's
// interval lies between any two, each a little late, so that several plumbs do not march in step (the
// generic cell rate algorithm, ITU-T I.371). Whoever asks has taken its place: the order is that of
// asking. Pure: the times are the caller's.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace plumb::net {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // `per_second` 0: no rate. `burst`: how many may go at once, at least one. `jitter`: up to this
  // share of the interval late.
  Pace(double per_second, int burst, double jitter = 0.125)
      : interval_(per_second > 0 ? Duration(static_cast<Duration::rep>(1e9 / per_second))
                                 : Duration(0)),
        ahead_(interval_ * (std::max(burst, 1) - 1)),
        late_(jitter) {}

  // When the next one may begin: not before `now`. It has its place from then on.
  Time next(Time now) {
    if (interval_ == Duration(0)) return now;
    const Time begin = std::max(now, due_ - ahead_);
    due_ = std::max(due_, begin) + interval_;
    return begin > now ? begin + jitter() : begin;
  }
  // Whether a new pace would say the same.
  bool idle(Time now) const { return due_ <= now; }

 private:
  Duration jitter() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;  // Knuth's MMIX
    const double share = static_cast<double>(state_ >> 11) * 0x1p-53;
    return std::chrono::duration_cast<Duration>(share * late_ * interval_);
  }

  Duration interval_, ahead_;
  double late_;
  Time due_{};  // when as many have begun as the rate allows
  // Of a generator that nobody needs to be unable to guess.
  std::uint64_t state_ = std::random_device()();
};

}  // namespace plumb::net
