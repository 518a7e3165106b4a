#pragma once

#include <string>

#include "probe/model/observation.hpp"

namespace plumb::output {

// RFC 3339 with a fraction: 3 digits in a report, 6 in evidence (every other time there is in
// microseconds).
std::string timestamp(WallTime at, int digits = 3);

}  // namespace plumb::output
