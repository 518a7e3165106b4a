#include "checks/deployment.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "probe/model/keys.hpp"

namespace plumb {
namespace {

constexpr std::array<std::string_view, 10> kContinents{"us", "eu", "ap", "sa", "ca",
                                                       "me", "af", "cn", "il", "mx"};

// us-east-1, cn-hangzhou, us-gov-west-1: a continent and at least one more word.
bool is_region(std::string_view label) {
  const std::size_t dash = label.find('-');
  if (dash == std::string_view::npos || dash + 1 == label.size()) return false;
  if (std::ranges::find(kContinents, label.substr(0, dash)) == kContinents.end()) return false;
  return std::ranges::all_of(
      label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::optional<std::string> region_in(std::string_view host) {
  while (!host.empty()) {
    const std::string_view label = host.substr(0, host.find('.'));
    if (is_region(label)) return std::string(label);
    host.remove_prefix(std::min(host.size(), label.size() + 1));
  }
  return std::nullopt;
}

bool is_private_dns_host(std::string_view host) { return profile_for_host(host).only_private_dns; }

bool is_private_dns_name(const Case& about) { return is_private_dns_host(about.target.host); }

bool is_endpoint_name(std::string_view host) {
  return host.ends_with(".vpce.amazonaws.com") || host.ends_with(".privatelink.aliyuncs.com");
}

bool is_under_provider_domain(std::string_view host) {
  return host.ends_with(".tidbcloud.com") || host.ends_with(".tidb-cloud.com") ||
         host.ends_with(".aliyuncs.com") || host.ends_with(".vpce.amazonaws.com");
}

bool is_in_network(const Address& address, std::string_view cidr) {
  const std::size_t slash = cidr.find('/');
  if (slash == std::string_view::npos) return false;
  const auto network = Address::parse(cidr.substr(0, slash));
  unsigned length = 0;
  const auto read = std::from_chars(cidr.data() + slash + 1, cidr.data() + cidr.size(), length);
  if (!network || network->is_v4() != address.is_v4() || read.ec != std::errc{} ||
      length > (address.is_v4() ? 32U : 128U))
    return false;
  for (unsigned bit = 0; bit < length; ++bit) {
    const auto of = [bit](const Address& a) { return (a.bytes()[bit / 8] >> (7 - bit % 8)) & 1; };
    if (of(address) != of(*network)) return false;
  }
  return true;
}

bool is_outside_own_vpc(const Case& about, const Address& address) {
  const auto* ranges = where_am_i(about, key::local_vpc_cidrs);
  if (!ranges || ranges->empty()) return false;
  const bool same_family = std::ranges::any_of(*ranges, [&](const std::string& range) {
    return (range.find(':') == std::string::npos) == address.is_v4();
  });
  return same_family && std::ranges::none_of(*ranges, [&](const std::string& range) {
           return is_in_network(address, range);
         });
}

bool is_private_here(const Case& about, const Address& address) {
  if (address.classify() == AddressClass::private_use) return true;
  const auto* ranges = where_am_i(about, key::local_vpc_cidrs);
  return !address.is_v4() && ranges && std::ranges::any_of(*ranges, [&](const std::string& range) {
    return is_in_network(address, range);
  });
}

bool is_public_here(const Case& about, const Address& address) {
  if (address.classify() != AddressClass::global) return false;
  return address.is_v4() || is_outside_own_vpc(about, address);
}

}  // namespace plumb
