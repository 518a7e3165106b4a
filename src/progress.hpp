// How far a run is, in one line that fits a terminal:
//
//   4210 of 10000, 12 failing, 1203/s, 5 s left; tcp-refused-no-listener 10, dns-nxdomain 2
//
// Rate and time left are those of the last ten seconds or so: what was quick an hour ago says
// nothing about what is slow now. Pure: the caller brings the time and paints.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>

#include "src/output/summary.hpp"

namespace plumb {

class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Progress(std::size_t total, Time begun) : total_(total), samples_{{begun, 0}} {}

  void note(Time now);  // one more target is done
  std::size_t done() const { return done_; }
  // At most `width` columns; causes that do not fit as a whole are left out.
  std::string line(const output::Summary& so_far, Time now, std::size_t width) const;

 private:
  struct Sample {
    Time when;
    std::size_t done;
  };
  double rate(Time now) const;  // targets a second; 0: nobody knows yet

  std::size_t total_, done_ = 0;
  std::deque<Sample> samples_;  // one a second
};

}  // namespace plumb
