// Plan × Network → Cases: the only arrow that does I/O.
//
// Resolve (all resolvers at once, at most 30 % of the budget) → connect to every address and port
// at the same time → one conversation per connection, the password on one address first. Everything
// is an observation; nothing is judged here. One deadline covers it all.
#pragma once

#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/plan.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

// One case; two where the port was not given and both 4000 and 3306 greeted.
net::awaitable<std::vector<Case>> run(const Plan& plan, net::Network& network, Memory& memory);

}  // namespace plumb::engine
