// `plumb replay`: judge saved evidence again, offline, at the time it was saved.
#pragma once

#include "src/options.hpp"

namespace plumb {

int replay_command(const ReplayOptions& options);

}  // namespace plumb
