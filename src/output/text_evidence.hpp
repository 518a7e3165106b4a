#pragma once

#include <cstddef>
#include <string>

#include "probe/model/observation.hpp"

namespace plumb::output {

// The numbered table of the observations, no line longer than `width` columns.
std::string evidence_table(const Evidence& evidence, std::size_t width);

}  // namespace plumb::output
