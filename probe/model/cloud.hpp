// The cloud where the target's endpoint and this client are, as far as the host name, the profile
// and the metadata service tell. A private endpoint stands in the client's own network; what the
// name says goes before what the client's metadata say, because a client may reach an endpoint of
// another cloud over a VPN.
#pragma once

#include <cstdint>
#include <string_view>

#include "probe/model/case.hpp"

namespace plumb {

Cloud client_cloud(const Case& about);    // by the metadata service alone
Cloud endpoint_cloud(const Case& about);  // by the host name, the profile, else the client's

// What decides, or is to be done, where the endpoint is in another cloud than AWS, whose words the
// rows of causes have. Empty in AWS, and where nobody knows the cloud.
struct InCloud {
  std::string_view azure, gcp, alibaba;
};
std::string_view in_cloud(const Case& about, const InCloud& texts);

}  // namespace plumb
