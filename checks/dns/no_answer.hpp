// Causes of a name that gives no address. What the application would get decides: if that failed,
// the cause keeps the client out and is anchored there; else it is one resolver beside a working
// one, a warning anchored at that resolver's own observation.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::dns {

Verdict match_nxdomain(const Case& about);
Verdict match_dangling_cname(const Case& about);
Verdict match_resolver_timeout(const Case& about);
Verdict match_servfail(const Case& about);
Verdict match_refused(const Case& about);
Verdict match_rebinding(const Case& about);

}  // namespace plumb::dns
