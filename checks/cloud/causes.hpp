// Faults of the cloud's control plane (failure catalogue §2.6). Some leave a trace that packets
// cannot tell from other causes (candidates.hpp); the others leave none, and only what the control
// plane says about itself shows them.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> cloud_causes();

}  // namespace plumb
