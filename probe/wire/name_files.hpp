// The three files that decide what a name means on this host: resolv.conf(5), hosts(5), nsswitch.conf(5).
// Pure parsers of their text; odd lines are skipped, as glibc does. Which file is read is probe/net's matter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/address.hpp"

namespace plumb::wire {

struct ResolvConf {
  std::vector<Endpoint>
      nameservers;  // at most three count for glibc; more are kept, the reader decides
  std::vector<std::string> search;
  int ndots = 1;
  int timeout_s = 5;
  int attempts = 2;
  bool operator==(const ResolvConf&) const = default;
};
ResolvConf parse_resolv_conf(std::string_view text);

struct HostsEntry {
  Address address;
  std::vector<std::string> names;  // lower case
  int line = 0;
};
struct Hosts {
  std::vector<HostsEntry> entries;
  // Every entry that names `host`, in file order.
  std::vector<const HostsEntry*> lookup(std::string_view host) const;
};
Hosts parse_hosts(std::string_view text);

struct NssSource {
  std::string name;  // files, dns, resolve, myhostname, mymachines, mdns4_minimal …; printable
  bool stop_unless_unavailable = false;  // [!UNAVAIL=return]
  bool stop_on_notfound = false;         // [NOTFOUND=return]
};
struct Nsswitch {
  std::vector<NssSource> hosts{{"files", false, false},
                               {"dns", false, false}};  // the default without a file
};
Nsswitch parse_nsswitch(std::string_view text);

}  // namespace plumb::wire
