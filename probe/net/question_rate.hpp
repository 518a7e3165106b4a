// How often one resolver is asked (--resolver-rate): a cloud's resolver drops what is beyond its
// limit (AWS: 1024 packets a second and network interface), and an answer that was dropped looks
// like a dead resolver.
//
// A fifth of a second's worth may leave at once, so that a single target never waits; after that each
// question leaves at a random moment of a slot of its own (pace.hpp). Repetitions are packets too and
// take turns like first tries.
#pragma once

#include <unordered_map>

#include "probe/model/address.hpp"
#include "probe/net/pace.hpp"

namespace plumb::net {

class QuestionRate {
 public:
  using Time = Pace::Time;
  // `per_second`: questions to each resolver; 0: without a limit.
  explicit QuestionRate(double per_second);

  // When the next question to this resolver leaves: `now`, or later.
  Time turn(const Endpoint& resolver, Time now);

 private:
  Pace fresh_;
  std::unordered_map<Endpoint, Pace> paces_;
};

}  // namespace plumb::net
