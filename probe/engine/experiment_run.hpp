// One experiment, done: its observations in order, unnumbered, `after` relative to each other (0:
// hangs on what prompted it). It obeys the law of every conversation (design.md §1.2): admitted by
// the address's drop allowance, finished where it can be, its ending noted.
#pragma once

#include <vector>

#include "probe/engine/experiment_plan.hpp"
#include "probe/engine/memory.hpp"

namespace plumb::engine {

struct ExperimentContext {
  const Plan& plan;
  net::Network& network;
  Memory& memory;
  net::Deadline deadline;             // the target's
  const std::vector<Address>& tried;  // addresses of the first pass: not tried again by name
};

net::awaitable<std::vector<Observation>> perform(const ExperimentContext& context,
                                                 const Experiment& experiment);

}  // namespace plumb::engine
