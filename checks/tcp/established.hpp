// Connections that come about and are no good all the same.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::tcp {

// A conversation stalls and the same one goes through in small segments.
Verdict match_mtu(const Case& about);
// Every port accepts and none speaks.
Verdict match_transparent_proxy(const Case& about);
// AWS DMS cannot use this network, whatever this host can.
Verdict match_dms_reserved(const Case& about);

}  // namespace plumb::tcp
