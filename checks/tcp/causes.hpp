// What a TCP connect shows. A refusal, an ICMP answer and an error of this host name their own
// cause and are certain; silence is not (silent.hpp); a mixed result is a fault of some zones
// (partial).
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause> tcp_causes();

}  // namespace plumb
