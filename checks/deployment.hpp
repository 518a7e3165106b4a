// What the names and addresses of a case tell of where the target's endpoint and this client are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/model/case.hpp"
#include "probe/model/cloud.hpp"

namespace plumb {

// The region that the host name names ("us-east-1", "cn-hangzhou"), if it does.
std::optional<std::string> region_in(std::string_view host);

// A TiDB Cloud name that exists only where private DNS (or a private zone) provides it.
bool is_private_dns_host(std::string_view host);
bool is_private_dns_name(const Case& about);
// A name of public DNS that gives private addresses: an endpoint's own name at AWS or Alibaba.
bool is_endpoint_name(std::string_view host);
// Under a domain of the providers that the profiles know.
bool is_under_provider_domain(std::string_view host);

// "10.0.0.0/16" holds the address.
bool is_in_network(const Address& address, std::string_view cidr);
// The client's VPC is known, and none of its ranges holds the address.
bool is_outside_own_vpc(const Case& about, const Address& address);

// A private endpoint has IPv4 addresses of a private range. Its IPv6 addresses may be global, as the
// ranges of a VPC are: only where the client's ranges are known does such an address tell.
bool is_private_here(const Case& about, const Address& address);
bool is_public_here(const Case& about, const Address& address);

// A fact of where-am-I, whichever observation has it; null: unknown.
template <class T>
const T* where_am_i(const Case& about, const Key<T>& key, int* number = nullptr) {
  int n = 0;
  for (const Observation& seen : about.evidence.observations) {
    ++n;
    if (seen.phase != Phase::local) continue;
    if (const T* value = seen.facts.get(key)) {
      if (number) *number = n;
      return value;
    }
  }
  return nullptr;
}

}  // namespace plumb
