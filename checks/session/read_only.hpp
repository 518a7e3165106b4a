// A target that refuses writes, as its variables say it; the row is mysql-read-only-target.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::session {

Verdict match_read_only_target(const Case& about);

}  // namespace plumb::session
