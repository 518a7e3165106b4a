#pragma once

#include <cstddef>
#include <string>

#include "probe/model/observation.hpp"

namespace plumb::output {

// The numbered table of the observations, each line `width` columns wide. Without `each_step` an
// address that went as an earlier one did is one line.
std::string evidence_table(const Evidence& evidence, std::size_t width, bool each_step = false);

}  // namespace plumb::output
