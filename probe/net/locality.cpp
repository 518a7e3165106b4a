#include "probe/net/locality.hpp"

#include <ifaddrs.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <sstream>
#include <system_error>

#include "probe/net/small_file.hpp"
#include "probe/net/socket_address.hpp"

namespace plumb::net {
namespace {

constexpr unsigned kRouteUp = 0x0001, kRouteReject = 0x0200;  // linux/route.h

unsigned hex(const std::string& digits) {
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

bool usable(const std::string& interface, unsigned flags) {
  return interface != "lo" && (flags & kRouteUp) != 0 && (flags & kRouteReject) == 0;
}

// A header line, then: Iface Destination Gateway Flags RefCnt Use Metric Mask …
void read_routes_v4(std::istringstream text, Locality& locality) {
  std::string line, interface, destination, gateway, flags, skipped, mask;
  std::getline(text, line);
  while (std::getline(text, line)) {
    std::istringstream fields(line);
    fields >> interface >> destination >> gateway >> flags >> skipped >> skipped >> skipped >> mask;
    if (!fields || !usable(interface, hex(flags))) continue;
    locality.any_route = true;
    if (destination == "00000000" && mask == "00000000") locality.default_route_v4 = true;
  }
}

// destination prefix source prefix next-hop metric refcount use flags interface, all hexadecimal.
void read_routes_v6(std::istringstream text, Locality& locality) {
  std::string line, destination, prefix, skipped, flags, interface;
  while (std::getline(text, line)) {
    std::istringstream fields(line);
    fields >> destination >> prefix;
    for (int i = 0; i < 6; ++i) fields >> skipped;
    fields >> flags >> interface;
    if (!fields || !usable(interface, hex(flags))) continue;
    const bool own_link = destination.starts_with("fe80") || destination.starts_with("ff");
    if (own_link) continue;
    locality.any_route = true;
    if (prefix == "00") locality.default_route_v6 = true;
  }
}

void read_addresses(Locality& locality) {
  ifaddrs* list = nullptr;
  locality.known = ::getifaddrs(&list) == 0;
  if (!locality.known) return;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    const bool up = (entry->ifa_flags & IFF_UP) != 0;
    const auto address = address_of(entry->ifa_addr);
    if (up && (entry->ifa_flags & IFF_LOOPBACK) == 0 && address)
      locality.addresses.push_back(*address);
  }
  ::freeifaddrs(list);
}

constexpr std::string_view kGroup = "TcpExt:";

std::string_view up_to(std::string_view& text, char end) {
  const std::string_view head = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), head.size() + 1));
  return head;
}

std::optional<std::int64_t> count(std::string_view digits) {
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stopped != end || value < 0) return std::nullopt;
  return value;
}

// Columns differ from kernel to kernel; only those with a name are told.
std::optional<std::int64_t> column(std::string_view names, std::string_view numbers,
                                   std::string_view wanted) {
  while (!names.empty() && !numbers.empty()) {
    const std::string_view number = up_to(numbers, ' ');
    if (up_to(names, ' ') == wanted) return count(number);
  }
  return std::nullopt;
}

}  // namespace

std::optional<SynCounters> parse_syn_counters(std::string_view netstat) {
  while (!netstat.empty()) {
    const std::string_view names = up_to(netstat, '\n');
    if (!names.starts_with(kGroup)) continue;
    const std::string_view numbers = up_to(netstat, '\n');
    if (!numbers.starts_with(kGroup)) return std::nullopt;
    const auto resent = column(names, numbers, "TCPSynRetrans");
    const auto unsent = column(names, numbers, "TCPRetransFail");
    if (!resent || !unsent) return std::nullopt;
    return SynCounters{*resent, *unsent};
  }
  return std::nullopt;
}

const Locality& RecentLocality::at(Time now) {
  if (!read_ || now - *read_ >= std::chrono::seconds(1)) {
    seen_ = read_locality(paths_);
    read_ = counted_ = now;
  } else if (now - *counted_ >= std::chrono::milliseconds(100)) {
    seen_.syns = parse_syn_counters(read_small_file(paths_.counters).value_or(""));
    counted_ = now;
  }
  return seen_;
}

Locality read_locality(const LocalityPaths& paths) {
  Locality locality;
  read_addresses(locality);
  read_routes_v4(std::istringstream(read_small_file(paths.routes_v4).value_or("")), locality);
  read_routes_v6(std::istringstream(read_small_file(paths.routes_v6).value_or("")), locality);
  locality.syns = parse_syn_counters(read_small_file(paths.counters).value_or(""));
  return locality;
}

}  // namespace plumb::net
