// Targets → reports over a Network: plan, run, judge. Every target has its own deadline; at most
// kAtOnce are in flight. Reports come out in the order of the targets, each as soon as it and all
// before it are done.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "probe/engine/memory.hpp"
#include "probe/engine/settings.hpp"
#include "probe/model/diagnosis.hpp"
#include "probe/net/network.hpp"

namespace plumb {

inline constexpr std::size_t kAtOnce = 64;

using EachReport = std::function<void(const Report&)>;

// Runs `io` until every target is done.
void run_targets(asio::io_context& io, net::Network& network, const std::vector<Target>& targets,
                 const engine::Settings& settings, engine::Memory& memory, const EachReport& each);

}  // namespace plumb
