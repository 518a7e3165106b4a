// What this host has to send from, its addresses and routes, and what its kernel has counted of
// SYNs. What cannot be read counts as empty, or as not told.
//
// The counters tell a rule of this host that drops a SYN on its way out from a drop elsewhere: the
// application sees the same silence, but the kernel hears from its own output hook that the
// retransmission failed. Source: Documentation/networking/snmp_counter.rst, TcpExtTCPRetransFail;
// measured in a network namespace.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "probe/net/network.hpp"

namespace plumb::net {

struct LocalityPaths {
  std::string routes_v4 = "/proc/net/route";
  std::string routes_v6 = "/proc/net/ipv6_route";
  std::string counters = "/proc/net/netstat";  // anyone may read it; of this network namespace
};
Locality read_locality(const LocalityPaths& paths = {});

// The same for a fleet, where thousands look within a second: addresses and routes as they were less
// than a second ago, counters less than a tenth of one.
class RecentLocality {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit RecentLocality(LocalityPaths paths = {}) : paths_(std::move(paths)) {}
  const Locality& at(Time now);

 private:
  LocalityPaths paths_;
  Locality seen_;
  std::optional<Time> read_, counted_;
};

// The text of /proc/net/netstat: per group a line of names and a line of numbers. Empty where the
// two counters are not both there.
std::optional<SynCounters> parse_syn_counters(std::string_view netstat);

}  // namespace plumb::net
