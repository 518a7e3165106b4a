// The resolve step: every resolver is asked by itself and at once, the application's answer is
// derived from theirs, getaddrinfo is consulted where they disagree. At most 30 % of the budget
// (design.md §2.2).
#pragma once

#include <vector>

#include "probe/engine/plan.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

struct Resolved {
  std::vector<Observation>
      observations;  // numbered 1, 2, …; empty where there was nothing to resolve
  int decisive = 0;  // number of the one that says what the application gets
  std::vector<Address> addresses;
  std::vector<Endpoint> resolvers;  // that were asked
  Micros waited{0};                 // for the resolvers' rate: not the target's time
};

net::awaitable<Resolved> resolve(const Plan& plan, net::Network& network, net::Deadline deadline);

}  // namespace plumb::engine
