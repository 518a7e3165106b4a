// The list of checks: adding one is a folder and a line in registry.cpp.
#pragma once

#include <span>

#include "probe/wire/check.hpp"

namespace plumb {

std::span<const Check> checks();

}  // namespace plumb
