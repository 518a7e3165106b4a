// One step of a run: what was asked, how long it took, at most one Failure, and the facts learnt.
// Facts stay when a later step fails: an expired certificate is reported whole.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/fact.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb {

using Micros = std::chrono::microseconds;
// Milliseconds with at most three decimals, exact for microseconds: as facts and reports have it.
inline double in_ms(Micros time) { return static_cast<double>(time.count()) / 1000; }
using WallTime = std::chrono::system_clock::time_point;

struct Observation {
  int n = 0;      // 1, 2, … within its Evidence; findings refer to it
  int after = 0;  // the observation this one builds on; 0: it begins a branch
  Phase phase = Phase::local;
  std::string endpoint;  // "10.0.0.1:4000"; empty where there is none
  std::string resolver;  // "10.0.0.2:53" of a resolve step; empty where there is none
  Micros took{0};
  std::optional<Failure> failure;
  std::string
      raw;  // the error in its own words (errno, ERR packet, OpenSSL), printable and bounded
  Facts facts;
};

struct Evidence {
  std::vector<Observation> observations;

  // Numbers it and returns the number.
  int add(Observation observation);
  const Observation* find(int n) const;
  // The chain from a branch's beginning to `n`, `n` included.
  std::vector<const Observation*> branch(int n) const;
};

}  // namespace plumb
