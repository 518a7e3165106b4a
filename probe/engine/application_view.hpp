// What an application on this host would get for a name: glibc's getaddrinfo, computed from the
// answers that every resolver gave, not replayed (design.md §2.2). Pure.
//
//   nsswitch sources in order ──► files: the hosts file
//                             ├─► dns, resolve: the names of the search list, each at the first
//                             │   resolver that answers it (SERVFAIL, REFUSED, silence: the next
//                             │   one; NXDOMAIN is final)
//                             └─► others: named, not followed
//
// Sources: nsswitch.conf(5), resolv.conf(5); glibc resolv/res_query.c (__res_context_search) and
// res_send.c (send_dg, next_ns). RFC 6724's order of addresses is not followed: every address is
// probed. Where the inputs contradict each other `ask_system` says that getaddrinfo itself should
// be heard.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/engine/dns_observations.hpp"
#include "probe/model/observation.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

// The resolvers glibc uses: the first three of resolv.conf, 127.0.0.1 without any.
std::vector<Endpoint> resolvers_in_use(const net::NameConfig& config);
std::vector<Endpoint> first_three(std::vector<Endpoint> resolvers);

// The names glibc would try in the DNS, in its order, without trailing dots. A name that ends in a
// dot is absolute.
std::vector<std::string> names_to_ask(const net::NameConfig& config, std::string_view host);

// What a resolver replied to (name, type), both by their places; null if it was not asked.
using ReplyLookup =
    std::function<const net::DnsReply*(std::size_t resolver, std::size_t name, wire::DnsType type)>;

struct NameView {
  std::vector<Address> addresses;    // v4 before v6; empty: `failure` is set
  std::string source;                // hosts, dns, stub: who gave them, or who had the last word
  std::optional<Endpoint> resolver;  // that answered, of dns and stub
  std::string hosts_line;  // "/etc/hosts:3 10.0.0.1 db.example", also where DNS was used after all
  std::vector<std::string> nsswitch;      // the sources in their order
  std::vector<std::string> not_followed;  // those plumb knows nothing about
  std::vector<std::string> searched;      // the names tried, in order, up to the deciding one
  bool ask_system = false;                // sources or resolvers disagree: ask getaddrinfo
  std::optional<Failure> failure;  // nxdomain, nodata, servfail, query_refused, timed_out …
  std::string raw;                 // of the failure
};
// `resolvers`: those the application asks, in its order. `names`: those of names_to_ask(), which may
// be fewer.
NameView derive(const net::NameConfig& config, std::span<const Endpoint> resolvers,
                const std::vector<std::string>& names, std::string_view host,
                const ReplyLookup& lookup, bool v4, bool v6,
                std::string_view hosts_path = "/etc/hosts");

// The application's view as an observation; `upstreams`: behind the local stub; `system` where
// getaddrinfo was asked.
Observation view_observation(std::span<const Address> upstreams, NameView view,
                             std::string_view host, const std::optional<net::SystemReply>& system,
                             Micros took);

}  // namespace plumb::engine
