// `plumb check`: diagnose each target once.
#pragma once

#include "src/options.hpp"

namespace plumb {

int check_command(const CheckOptions& options);

}  // namespace plumb
