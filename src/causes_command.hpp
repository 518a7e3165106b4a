// `plumb causes`: the catalogue, or one cause in full.
#pragma once

#include "src/options.hpp"

namespace plumb {

int causes_command(const CausesOptions& options);

}  // namespace plumb
