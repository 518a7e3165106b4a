// What is known about a target that answers no SYN: the first pass, and what the follow-ups found
// out beside it (failure catalogue §2.0). The candidates of silent.hpp and of the cloud's control
// plane read it; none of them reads the experiments itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/tcp/attempts.hpp"
#include "probe/model/cause.hpp"

namespace plumb::tcp {

struct Silence {
  std::vector<Attempt> silent;  // empty: there is no silence to explain
  std::string_view because;     // why there is none
  std::string where;            // the addresses, and what else was seen of them
  std::vector<int> evidence;    // the silent connects first, then the follow-ups

  // Other ports of a silent address.
  std::optional<std::uint16_t> greets_on;   // one speaks MySQL
  std::optional<std::uint16_t> refuses_on;  // one is refused with RST
  bool other_ports_silent = false;          // some were tried, all of them silent too
  // Something that must work from here: whether it did.
  bool control_works = false, control_fails = false;
  bool comes_and_goes = false;  // a repeated attempt was answered
  // Success depends on where the connection leaves from.
  bool by_source_port = false, by_source_address = false;
  bool steadily_by_source_port = false;  // and ordinary attempts failed each time
  std::string working_sources, failing_sources;
  // What this host's kernel says of the SYNs that were sent again. The counters are the whole
  // host's; which connection a failure belongs to, only its socket says.
  std::optional<int> counted;  // the observation with the counters
  std::int64_t resent = 0, failed = 0;
  bool held_back = false;  // they could not leave
  bool left = false;       // they left, so whoever drops stands behind this host's output
};

Silence silence_of(const Case& about);

// What a candidate for the silence is about: that decides which observation speaks against it.
struct Candidate {
  int rank = 100;
  Cloud cloud = Cloud::unknown;  // only there (aws: also where nobody knows the cloud)
  bool of_endpoint = false;      // behind the others where there is hardly an endpoint
  bool whole_address = false;    // it would silence every port of the address
  bool minds_source_port = false;
  bool minds_source_address = false;
  bool at_this_host = false;  // it explains SYNs that could not leave
};
// possible, anchored at the silent connects; `silent` is bound to where.
Verdict candidate(const Case& about, const Silence& silence, const Candidate& about_what);
Verdict candidate(const Case& about, const Candidate& about_what);

}  // namespace plumb::tcp
