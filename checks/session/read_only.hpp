// A target that refuses writes, as its variables say it; the row is mysql-read-only-target.
#pragma once

#include <string>

#include "probe/model/cause.hpp"

namespace plumb::session {

// The variables that are ON, with commas; empty: none is, or the server does not tell.
std::string read_only_by(const Facts& facts);

Verdict match_read_only_target(const Case& about);

}  // namespace plumb::session
