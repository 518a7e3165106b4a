// What a report must say beside its findings so that nobody reads more into it than was measured:
// who answered in the server's place, whose path it was, and what follows for the tool that will take
// it.
#pragma once

#include <string>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

std::vector<std::string> remarks(const Case& about);

}  // namespace plumb
