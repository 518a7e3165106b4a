// What a run came to, for a person: what the failing targets have in common, how many there are of
// each cause, most frequent first, and the counts in the last line, where a screen ends.
#pragma once

#include <cstddef>
#include <string>

#include "src/output/summary.hpp"

namespace plumb::output {

// The targets that fit on a screen above what is said of them all: fewer need no table of causes.
inline constexpr std::size_t kFewTargets = 5;

std::string shared_text(const Summary& summary, std::size_t width);  // empty: nothing is shared
std::string causes_text(const Summary& summary, std::size_t width);  // empty: all is well
std::string counts_text(const Summary& summary);  // "4 targets: 1 failed, 3 ok, in 7.00 s"

}  // namespace plumb::output
