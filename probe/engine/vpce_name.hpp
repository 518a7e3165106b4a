// Names of AWS interface endpoints: the regional one gives an address per zone, a zonal one the
// address of its zone alone (AWS PrivateLink guide, "Endpoint DNS names"):
//
//   vpce-<id>-<suffix>.vpce-svc-<id>.<region>.vpce.amazonaws.com
//   vpce-<id>-<suffix>-<region><letter>.vpce-svc-<id>.<region>.vpce.amazonaws.com
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::engine {

struct VpceName {
  std::string regional;
  std::string region;
  std::string zone;  // empty: the name is the regional one
  // The zonal names of letters a to f; those that do not exist are NXDOMAIN.
  std::vector<std::string> zonal() const;
};

std::optional<VpceName> parse_vpce_name(std::string_view host);

}  // namespace plumb::engine
