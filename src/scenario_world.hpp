// The `dns`, `servers`, `client`, `resolv_conf`, `hosts` and `nsswitch` of a scenario →
// ScriptedWorld.
#pragma once

#include <yaml-cpp/yaml.h>

#include "probe/net/scripted_network.hpp"

namespace plumb {

// Throws YAML::Exception with the place.
net::ScriptedWorld read_world(const YAML::Node& scenario, WallTime now);

}  // namespace plumb
