// What the formats for people show of a report, in words: shared by text, html and nagios so that
// the three never tell different stories.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/model/diagnosis.hpp"

namespace plumb::output {

// The findings in the parts a reader needs: the root (of a failed, degraded or unknown target), its
// competing candidates in their order, and the independent rest.
struct Ranked {
  const Finding* root = nullptr;
  std::vector<const Finding*> rivals, others;
};
Ranked ranked(const Diagnosis& diagnosis);

std::string target_name(const Case& about);  // "host:port", "[v6]:port"; no port known: the host
std::string_view verdict_word(Outcome outcome);  // OK, DEGRADED, FAILED, UNKNOWN
std::string where(const Observation& seen);      // the address, the resolver, or what was looked at
std::string outcome_of(const Observation& seen);  // what came of it, a phrase
std::string duration(Micros took);                // "0.4 ms", "24 ms", "1.20 s"
std::string headline(const Report& report);       // the verdict in one or two sentences
std::string numbers(std::vector<int> evidence);   // "2, 4-7", sorted

}  // namespace plumb::output
