// The order of the findings (design.md §2.4): the root of what keeps the client out, the candidates
// that compete with it by rank, then independent findings by severity, then along the path.
#pragma once

#include <vector>

#include "probe/diagnose/match.hpp"

namespace plumb {

// Does this match explain what stopped the client?
bool explains_stop(const Case& about, const Passage& passage, const Match& match);

void rank(const Case& about, const Passage& passage, std::vector<Match>& matches);

}  // namespace plumb
