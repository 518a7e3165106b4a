// `plumb wait`: diagnose one target again and again until it works (or fails, --for failed). One
// memory for all attempts, so a refused password is not tried again and no server is harmed by the
// repetition.
#pragma once

#include "src/options.hpp"

namespace plumb {

int wait_command(const WaitOptions& options);

}  // namespace plumb
