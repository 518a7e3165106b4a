// One experiment, done: its observations in order, unnumbered, `after` relative to each other (0:
// hangs on what prompted it). It obeys the law of every conversation (design.md §1.2): admitted by
// the address's drop allowance, finished where it can be, its ending noted.
//
// The account is used only where the plan says so, and at an address that is none of the name's
// only over TLS whose certificate is proven, whatever the policy would do with: nobody knows who has
// that address by now. There it waits for the account's turn, and a refusal is remembered.
//
// Nothing begins that has not its whole share of time before the target's deadline, and nothing
// once the trouble is gone: what was cut short, or asked of a path that works by now, would read as
// an answer. Waiting for admission and for a slot is bounded by the same deadline.
#pragma once

#include <functional>
#include <vector>

#include "probe/engine/experiment_plan.hpp"
#include "probe/engine/memory.hpp"

namespace plumb::engine {

struct ExperimentContext {
  const Plan& plan;
  net::Network& network;
  Memory& memory;
  net::Deadline deadline;              // the target's
  const std::vector<Address>& tried;   // addresses of the first pass: not tried again by name
  Micros answered_in;                  // the first pass's fastest answer to a SYN; 0: none
  std::function<bool()> still_wanted;  // is there still the trouble that prompted it?
};

net::awaitable<std::vector<Observation>> perform(ExperimentContext context,
                                                 const Experiment& experiment);

}  // namespace plumb::engine
