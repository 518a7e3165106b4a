// The causes that no single check can see: what plumb itself lacked, and what nothing explains.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> cross_causes();

// Never matches by itself: diagnose() takes it where the client is kept out and no other cause says
// why.
const Cause& unclassified_cause();

}  // namespace plumb
