// Nothing answers the SYN. From a socket alone a closed security group, an endpoint that nobody has
// accepted, a port without listener on a load balancer (it drops, it does not refuse) and a dead
// target look the same (failure catalogue §2.0). So these are candidates: ranked as the catalogue
// ranks them and moved by what the follow-ups found (silence.hpp), each with the API call or field
// that decides. One follow-up proves its candidate: where success depends on the source port, only
// a filter without state is left.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::tcp {

// between the client and its endpoint
Verdict match_endpoint_sg(const Case& about);
Verdict match_default_sg(const Case& about);
Verdict match_rejected(const Case& about);
Verdict match_wrong_port(const Case& about);
Verdict match_client_egress(const Case& about);
Verdict match_nacl(const Case& about);
Verdict match_nacl_return(const Case& about);
Verdict match_azure(const Case& about);
Verdict match_gcp(const Case& about);
Verdict match_alibaba(const Case& about);
// the silent part of causes that also show otherwise
Verdict silent_without_route(const Case& about);
Verdict silent_at_this_host(const Case& about);
// behind the endpoint
Verdict match_target_sg(const Case& about);
Verdict match_nlb_sg_enforced(const Case& about);
Verdict match_stale_target(const Case& about);
Verdict match_target_unhealthy(const Case& about);
Verdict match_port_allocation(const Case& about);
Verdict match_access_list(const Case& about);
Verdict match_paused(const Case& about);
Verdict match_dms_internet(const Case& about);

}  // namespace plumb::tcp
