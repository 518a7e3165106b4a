// How often one resolver is asked (--resolver-rate): a cloud's resolver drops what is beyond its
// limit (AWS: 1024 packets a second and network interface), and an answer that was dropped looks
// like a dead resolver.
//
// A token bucket, told as the time at which the next question may leave (the generic cell rate
// algorithm, ITU-T I.371): a fifth of a second's worth may leave at once, so that a single target
// never waits; after that each question has a slot of its own and leaves at a random moment of it,
// so that several plumbs at one resolver do not march in step. Whoever asks for a turn has taken
// it: the order is that of asking. Repetitions are packets too and take turns like first tries.
//
// Pure: the times are the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "probe/model/address.hpp"

namespace plumb::net {

class QuestionRate {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // `per_second`: questions to each resolver; 0: without a limit.
  explicit QuestionRate(double per_second);

  // When the next question to this resolver leaves: `now`, or later.
  Time turn(const Endpoint& resolver, Time now);

 private:
  Time within_slot(Time slot);

  std::chrono::steady_clock::duration slot_{0};   // between two questions
  std::chrono::steady_clock::duration burst_{0};  // so much may be ahead of its slot
  std::map<Endpoint, Time> next_slot_;
  std::uint64_t jitter_;  // state of a generator that nobody needs to be unable to guess
};

}  // namespace plumb::net
