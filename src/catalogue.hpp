// All causes that this program knows: the checks' own and those that no single check can see.
#pragma once

#include <span>
#include <string_view>

#include "probe/model/cause.hpp"

namespace plumb {

std::span<const Cause* const> catalogue();
const Cause* find_cause(std::string_view id);  // nullptr: no such id

}  // namespace plumb
