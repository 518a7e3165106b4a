// Nothing answers the SYN. From a socket alone a closed security group, an endpoint that nobody has
// accepted, a port without listener on a load balancer (it drops, it does not refuse) and a dead
// target look the same (failure catalogue §2.0). So these eight are candidates, never certain:
// ranked as the catalogue ranks them, each with the API call or field that decides.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::tcp {

Verdict match_endpoint_sg(const Case& about);
Verdict match_default_sg(const Case& about);
Verdict match_pending_acceptance(const Case& about);
Verdict match_wrong_port(const Case& about);
Verdict match_client_egress(const Case& about);
Verdict match_nacl(const Case& about);
Verdict match_target_sg(const Case& about);
Verdict match_stale_target(const Case& about);

}  // namespace plumb::tcp
