// Faults of the control plane that leave a trace on the wire: silence, as everything else that
// drops (checks/tcp/silence.hpp), a zone that is silent beside others, or a host name that does not
// fit where this client is. Only the control plane decides them.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::cloud {

Verdict match_pending_acceptance(const Case& about);
Verdict match_tidb_not_registered(const Case& about);
Verdict match_listener_missing(const Case& about);
Verdict match_azure_not_approved(const Case& about);
Verdict match_psc_not_accepted(const Case& about);
Verdict match_psc_exhausted(const Case& about);
Verdict match_alibaba_not_connected(const Case& about);
Verdict match_alibaba_zone(const Case& about);

// The host name is of another region than this client.
Verdict match_region_mismatch(const Case& about);
// HeatWave's channel uses the source's own name instead of the PrivateLink's default one.
Verdict match_heatwave_hostname(const Case& about);

// The endpoint leads to another cluster, whose certificate is for its own name.
Verdict match_wrong_service(const Case& about);

}  // namespace plumb::cloud
