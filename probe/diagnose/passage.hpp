// Does a client that follows the policy get through, judged from the evidence alone?
//
// Each connect observation begins a path (what was built on it: greeting, TLS, login). A client
// tries every address, so one path that reaches an accepted login is enough, and what keeps a
// client out is what stopped the best tries: an address that answers 1129 counts before one that
// stays silent. Verification is recorded and never breaks a conversation off, so a path may have a
// finished login and yet be stopped at its TLS step, by the policy.
#pragma once

#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

enum class Way : std::uint8_t { through, kept_out, not_measured };

struct Passage {
  Way way = Way::not_measured;
  std::vector<int> stops;            // kept out: the observations that stopped the best tries
  std::vector<std::uint16_t> ports;  // where through or stopped; empty: at no port
};

Passage judge_passage(const Case& about);

// No interface and no route at all, and the target is not this host: the tool's trouble.
bool has_no_network(const Case& about);

}  // namespace plumb
