// What each resolver said, as observations: one per (resolver, name, type), with everything its
// message held.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probe/model/observation.hpp"
#include "probe/net/network.hpp"

namespace plumb::engine {

// What one reply comes to, taken by itself. Nothing: it has addresses.
std::optional<Failure> failure_of(const net::DnsReply& reply);

// A reply's failure in its own words: "SERVFAIL", "ECONNREFUSED".
std::string words_for(const net::DnsReply& reply);

std::vector<std::string> as_texts(std::span<const Address> addresses);
std::vector<std::string> all_printable(std::vector<std::string> texts);

// Adds one observation per reply of one resolver to one name; null replies were not asked for. A
// family without addresses is no failure where the other one has some.
void add_resolve_observations(const Endpoint& resolver, const std::string& name,
                              const net::DnsReply* a, const net::DnsReply* aaaa,
                              std::vector<Observation>& observations);
std::vector<Observation> resolve_observations(const Endpoint& resolver, const std::string& name,
                                              const net::DnsReply* a, const net::DnsReply* aaaa);

}  // namespace plumb::engine
