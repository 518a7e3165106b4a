// `plumb profiles`: the deployments that plumb knows, or one in full.
#pragma once

#include "src/options.hpp"

namespace plumb {

int profiles_command(const ProfilesOptions& options);

}  // namespace plumb
