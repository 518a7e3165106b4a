// A rate as a schedule: who comes is told when it may begin. A burst goes at once, then the rate's
// interval lies between any two, with a little jitter, so that a fleet does not march in step.
// (The generic cell rate algorithm, as ATM Forum's traffic management describes it.)
#pragma once

#include <algorithm>
#include <chrono>

namespace plumb::net {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  // `per_second` 0: no rate. `burst`: how many may go at once, at least one.
  Pace(double per_second, int burst)
      : interval_(per_second > 0 ? Duration(static_cast<Duration::rep>(1e9 / per_second))
                                 : Duration(0)),
        ahead_(interval_ * (std::max(burst, 1) - 1)) {}

  // When the next one may begin: not before `now`. It has its place from then on.
  Time next(Time now) {
    if (interval_ == Duration(0)) return now;
    const Time begin = std::max(now, due_ - ahead_);
    due_ = std::max(due_, begin) + interval_;
    return begin > now ? begin + jitter(now) : begin;
  }
  // Whether a new pace would say the same.
  bool idle(Time now) const { return due_ <= now; }

 private:
  Duration jitter(Time now) const {
    return (now.time_since_epoch() * 7919) % (interval_ / 8 + Duration(1));
  }

  Duration interval_, ahead_;
  Time due_{};  // when as many have begun as the rate allows
};

}  // namespace plumb::net
