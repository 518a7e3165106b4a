// Rows of a catalogue made up for one test: a cause that holds at given observations.
#pragma once

#include <array>

#include "probe/model/cause.hpp"

namespace plumb::test {

inline constexpr RemedyTemplate kSomeRemedy[] = {{"Do something about {host}.", "mend {host}"}};

constexpr Cause row(std::string_view id, Verdict (*match)(const Case&),
                    std::span<const std::string_view> supersedes = {}) {
  return {.id = id,
          .layer = Layer::tcp,
          .severity = Severity::error,
          .owner = Owner::network,
          .title = "a title",
          .shows_as = "a look",
          .summary = "a summary of {host}",
          .remedy = kSomeRemedy,
          .look_alikes = "others",
          .decide_by = "a look at {host}",
          .source = "made up",
          .match = match,
          .supersedes = supersedes};
}

template <int N, Confidence kSure = Confidence::certain, Severity kBad = Severity::error,
          int kRank = 100>
Verdict holds_at(const Case&) {
  Verdict verdict = Verdict::yes(kSure, kBad, {N});
  verdict.rank = kRank;
  return verdict;
}

inline Verdict never(const Case&) { return Verdict::no("it never does"); }

}  // namespace plumb::test
