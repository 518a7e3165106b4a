// Targets → reports over a Network: plan, run, judge. Every target has its own deadline; a given
// number is in flight. The next target is asked for only when there is room for it, so that a list
// is never in memory whole; a report is handed out as soon as its target is done, in no order. One
// shard's work: one thread, one io_context.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/settings.hpp"
#include "probe/model/diagnosis.hpp"
#include "probe/net/network.hpp"

namespace plumb {

// One target to be probed, and how.
struct Order {
  std::size_t index = 0;  // its place in the list
  Target target;
  std::shared_ptr<const engine::Settings> settings;  // shared by all that have none of their own
};

using NextOrder = std::function<std::optional<Order>()>;  // nothing: the list is at its end
// `index`: the order's.
using EachReport = std::function<void(Report&&, std::size_t index)>;

// The targets in their order, all with the same settings. They must live as long as it is asked.
NextOrder all_of(const std::vector<Target>& targets,
                 std::shared_ptr<const engine::Settings> settings);

// What one shard may have under way.
struct Room {
  std::size_t at_once = 1;
  double rate = 0;  // targets begun a second; 0: as there is room
};

// Runs `io` until every target is done.
void run_targets(asio::io_context& io, net::Network& network, const NextOrder& next,
                 const Room& room, engine::Memory& memory, const EachReport& each);

}  // namespace plumb
