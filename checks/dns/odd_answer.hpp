// Causes of a name that does give an address, but one that leads elsewhere or cannot be used.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::dns {

Verdict match_public_address(const Case& about);
Verdict match_hosts_override(const Case& about);
Verdict match_sinkhole(const Case& about);
Verdict match_unusable_family(const Case& about);

}  // namespace plumb::dns
