// Some addresses of the target connect and others do not: a fault of a zone. That it is partial is
// certain; whether the zone lacks a target or its subnet has a network ACL is not, so those are
// candidates beside it. The zonal names of an endpoint tell which zone an address belongs to.
#pragma once

#include "checks/deployment.hpp"
#include "probe/model/cause.hpp"

namespace plumb::tcp {

Verdict match_partial(const Case& about);

// Candidates for it: possible, a warning.
Verdict match_no_target_in_zone(const Case& about);
Verdict partial_by_nacl(const Case& about);
// `only_silent`: not where the failing address answered with RST.
Verdict partial_candidate(const Case& about, Cloud cloud, int rank, bool only_silent);

// Only where a repeated attempt at an address came out otherwise than the first: then it is no
// zone's fault.
Verdict partial_that_comes_and_goes(const Case& about, int rank);

}  // namespace plumb::tcp
