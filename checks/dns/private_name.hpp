// A name that private DNS should lead to private addresses, and does not. Which resolver knows what
// tells most of it: if the cloud's own knows the name, the configured one goes past it, and that is
// proved; if the cloud's own does not know it either, something is switched off or not connected
// there, and only the control plane says what.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::dns {

Verdict match_custom_resolver(const Case& about);
Verdict match_private_dns_off(const Case& about);
Verdict match_vpc_attributes(const Case& about);
Verdict match_onprem_forwarder(const Case& about);
Verdict match_shadowing(const Case& about);
Verdict match_azure_zone(const Case& about);
Verdict match_psc_record(const Case& about);
Verdict match_unverified_domain(const Case& about);

}  // namespace plumb::dns
