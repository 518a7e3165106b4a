// One entry of a scenario's `servers`, the part behind the connect: how the server there behaves.
#pragma once

#include <yaml-cpp/yaml.h>

#include "src/scenario_server.hpp"

namespace plumb {

// Throws YAML::Exception with the place.
ServerStory read_server_story(const YAML::Node& server, WallTime now);

}  // namespace plumb
