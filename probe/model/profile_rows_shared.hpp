// What several rows of the table of profiles say in the same words. Included by its parts alone.
#pragma once

#include <string_view>

#include "probe/model/profile.hpp"

namespace plumb::profile_rows {

inline constexpr std::string_view kGatewayAnswers =
    "An anonymous login is answered by the gateway (1105, \"Missing user name prefix\"), not by "
    "the cluster: --probe-user PREFIX.plumb_probe, or an account, reaches the cluster.";
inline constexpr std::string_view kRangesMayOverlap =
    "The address ranges of both VPCs may overlap: PrivateLink does not mind.";
inline constexpr std::string_view kNoPing = "Endpoints do not answer ping.";

inline constexpr Vantage kFromDmsSubnet{
    "a host in a subnet of the DMS replication subnet group, with the replication instance's "
    "security group",
    "what DMS would meet; with Multi-AZ run it in both zones"};

}  // namespace plumb::profile_rows
