// The name resolves now and then, or to what is no longer there.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::dns {

// The addresses are those of an endpoint that is gone.
Verdict match_stale_record(const Case& about);
// The name is of one zone, and that zone is down.
Verdict match_zone_name_down(const Case& about);
// One resolver answers some questions and leaves others.
Verdict match_throttled(const Case& about);

}  // namespace plumb::dns
