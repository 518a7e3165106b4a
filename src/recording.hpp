// A recording is the evidence that `plumb check --save` wrote while a scenario of the lab held, and
// beside it the truth: what was broken there. So the diagnosis is held against real servers and
// real packets wherever there is no lab. tests/recordings has one NAME.jsonl each, untouched, and
// the truths in one file, which `./dev lab score --record` writes from the scenarios and never from
// what plumb answered:
//
//   sg-closed: {outcome: failed, cause: tcp-endpoint-sg-blocks-port, rank: 1, confidence: likely,
//               group: silence}
//
// Evidence is judged at the time it was saved: a recording does not age.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "probe/model/diagnosis.hpp"

namespace plumb {

struct Truth {
  Outcome outcome = Outcome::failed;
  std::string cause;
  std::size_t rank = 1;                         // the cause's place among the findings, at most
  Confidence confidence = Confidence::certain;  // at most
  std::string group;  // of truths that leave the same evidence: then decide_by is a must
};
using Truths = std::map<std::string, Truth, std::less<>>;

struct RecordingText {
  std::string_view name;  // the file's, without its ending
  std::string_view evidence;
};
std::span<const RecordingText> shipped_recordings();
std::string_view shipped_truths();

// Strict, as scenarios are: the error names the place.
std::variant<Truths, std::string> read_truths(std::string_view yaml);

// How the diagnosis misses the truth; empty: not at all.
std::string disagreement(const Truth& truth, const Diagnosis& diagnosis);

// What is wrong with the recording, or with what comes out of it; empty: nothing.
std::string failing(const RecordingText& recording, const Truths& truths);

}  // namespace plumb
