#include "checks/cloud/causes.hpp"

#include <array>

#include "checks/cloud/candidate_rows.hpp"
#include "checks/cloud/control_plane_rows.hpp"

namespace plumb {
namespace {

constexpr std::array<Cause, 20> kCauses{{
    cloud::rows::kPending,
    cloud::rows::kNotRegistered,
    cloud::rows::kListenerMissing,
    cloud::rows::kAzureNotApproved,
    cloud::rows::kPscNotAccepted,
    cloud::rows::kPscExhausted,
    cloud::rows::kAlibabaNotConnected,
    cloud::rows::kAlibabaZone,
    cloud::rows::kRegion,
    cloud::rows::kHeatwaveName,
    cloud::rows::kPrincipal,
    cloud::rows::kZoneId,
    cloud::rows::kServiceName,
    cloud::rows::kWrongType,
    cloud::rows::kQuota,
    cloud::rows::kServiceZone,
    cloud::rows::kDmsSslMode,
    cloud::rows::kDmsCa,
    cloud::rows::kDmsSecrets,
    cloud::rows::kAnalyzer,
}};

}  // namespace

std::span<const Cause> cloud_causes() { return kCauses; }

}  // namespace plumb
