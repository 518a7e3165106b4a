// What resolving a name shows: no answer (no_answer.hpp) or an answer that leads elsewhere
// (odd_answer.hpp).
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> dns_causes();

}  // namespace plumb
