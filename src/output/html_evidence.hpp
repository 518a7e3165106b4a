#pragma once

#include <string>

#include "probe/model/observation.hpp"

namespace plumb::output {

// The table of the observations, each with its facts folded away.
std::string html_evidence(const Evidence& evidence);

}  // namespace plumb::output
