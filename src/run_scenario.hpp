// One scenario through the whole engine, without a packet.
#pragma once

#include <vector>

#include "src/scenario.hpp"

namespace plumb {

std::vector<Report> run_scenario(const Scenario& scenario);

// What went otherwise than the scenario expects; empty: nothing.
std::string failing(const ScenarioText& text, WallTime now);

}  // namespace plumb
