#include "checks/tcp/attempts.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "checks/deployment.hpp"
#include "checks/places.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

bool is_ours(const Observation& seen) {
  return seen.failure == Failure::cancelled || seen.failure == Failure::local_limit;
}

std::string result(const Attempt& attempt) {
  if (attempt.worked()) return {};
  std::string how(to_string(*attempt.seen->failure));
  std::ranges::replace(how, '_', ' ');
  return " (" + how + ")";
}

void add(std::vector<Attempt>& all, const Attempt& attempt) {
  const auto same = std::ranges::find(all, attempt.endpoint, &Attempt::endpoint);
  if (same == all.end())
    all.push_back(attempt);
  else if (!same->worked())
    *same = attempt;
}

// Where nobody knows the port, 4000 and 3306 are tried; the one that greets, else the one that
// accepts, is it.
std::set<std::uint16_t> answering_ports(const Case& about) {
  std::set<std::uint16_t> greeted, accepted;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.failure || (seen.phase != Phase::greeting && seen.phase != Phase::connect)) continue;
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (!endpoint) continue;
    if (seen.phase == Phase::greeting) greeted.insert(endpoint->port);
    if (seen.phase == Phase::connect) accepted.insert(endpoint->port);
  }
  return greeted.empty() ? accepted : greeted;
}

}  // namespace

bool Attempts::some_worked() const {
  return std::ranges::any_of(all, [](const Attempt& attempt) { return attempt.worked(); });
}

std::vector<Attempt> Attempts::failed_with(std::initializer_list<Failure> failures) const {
  std::vector<Attempt> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Attempt& attempt) {
    return !attempt.worked() &&
           std::ranges::find(failures, *attempt.seen->failure) != failures.end();
  });
  return found;
}

Attempts attempts_of(const Case& about) {
  const bool port_is_known = about.target.port || about.profile->port;
  const std::set<std::uint16_t> ports =
      port_is_known ? std::set<std::uint16_t>{} : answering_ports(about);
  std::vector<Attempt> all;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    if (seen.phase != Phase::connect || is_ours(seen)) continue;
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (!endpoint) continue;
    if (!ports.empty() && !ports.contains(endpoint->port)) continue;
    add(all, {&seen, n, *endpoint});
  }
  Attempts attempts;
  const bool has_v4 = std::ranges::any_of(
      all, [](const Attempt& attempt) { return attempt.endpoint.address.is_v4(); });
  // Where IPv4 lacks a local port or address as well, the family is not to blame.
  const bool lacks_ports = std::ranges::any_of(all, [](const Attempt& attempt) {
    return attempt.endpoint.address.is_v4() &&
           attempt.seen->failure == Failure::address_unavailable;
  });
  for (const Attempt& attempt : all) {
    const bool by_ports = lacks_ports && attempt.seen->failure == Failure::address_unavailable;
    const bool unusable = has_v4 && has_no_way_out(attempt) && !by_ports;
    (unusable ? attempts.unusable : attempts.all).push_back(attempt);
  }
  // A v6 address that works proves that the family is usable: then each failure counts.
  if (std::ranges::any_of(
          attempts.all, [](const Attempt& a) { return a.worked() && !a.endpoint.address.is_v4(); }))
    attempts = {all, {}};
  return attempts;
}

bool some_connect_failed(const Case& about) {
  return std::ranges::any_of(experiment::first_pass(about.evidence), [](const Observation& seen) {
    return seen.phase == Phase::connect && seen.failure;
  });
}

std::vector<Attempt> failed_attempts(const Case& about, std::initializer_list<Failure> failures) {
  if (!some_connect_failed(about)) return {};
  return attempts_of(about).failed_with(failures);
}

std::vector<int> numbers(const std::vector<Attempt>& attempts) {
  std::vector<int> out;
  for (const Attempt& attempt : attempts) out.push_back(attempt.n);
  return out;
}

std::string describe(const std::vector<Attempt>& attempts, std::size_t of) {
  std::vector<std::string> kinds;
  for (const Attempt& attempt : attempts)
    if (std::ranges::find(kinds, result(attempt)) == kinds.end()) kinds.push_back(result(attempt));
  std::string out;
  for (const std::string& kind : kinds) {
    std::vector<std::string> places;
    for (const Attempt& attempt : attempts)
      if (result(attempt) == kind) places.push_back(attempt.endpoint.to_string());
    out += (out.empty() ? "" : ", ") + name_places(places, of) + kind;
  }
  return out;
}

bool is_loopback_target(const std::vector<Attempt>& attempts) {
  return std::ranges::any_of(attempts, [](const Attempt& attempt) {
    return attempt.endpoint.address.classify() == AddressClass::loopback;
  });
}

bool is_public_target(const std::vector<Attempt>& attempts) {
  return std::ranges::all_of(attempts, [](const Attempt& attempt) {
    return attempt.endpoint.address.classify() == AddressClass::global;
  });
}

bool has_icmp(const Observation& seen) { return seen.facts.has(key::tcp_icmp_type); }

bool has_no_way_out(const Attempt& attempt) {
  const bool unreachable = attempt.seen->failure == Failure::net_unreachable ||
                           attempt.seen->failure == Failure::no_route ||
                           attempt.seen->failure == Failure::address_unavailable;
  return !attempt.endpoint.address.is_v4() && unreachable && !has_icmp(*attempt.seen);
}

std::optional<bool> has_ipv6(const Case& about) {
  const auto* own = where_am_i(about, key::local_addresses);
  if (!own) return std::nullopt;
  return std::ranges::any_of(*own, [](const std::string& text) {
    const auto address = Address::parse(text);
    return address && !address->is_v4() && address->classify() != AddressClass::link_local &&
           address->classify() != AddressClass::loopback;
  });
}

bool is_icmp_reject(const Attempt& attempt) {
  if (attempt.seen->failure == Failure::admin_prohibited) return true;
  if (!has_icmp(*attempt.seen)) return false;
  const auto type = attempt.seen->facts.get_or(key::tcp_icmp_type, std::int64_t{-1});
  const auto code = attempt.seen->facts.get_or(key::tcp_icmp_code, std::int64_t{-1});
  if (attempt.endpoint.address.is_v4())
    return type == 3 && (code == 3 || code == 9 || code == 10 || code == 13);
  return type == 1 && (code == 1 || code == 4 || code == 5 || code == 6);
}

std::string sender(const std::vector<Attempt>& attempts) {
  for (const Attempt& attempt : attempts)
    if (const std::string* from = attempt.seen->facts.get(key::tcp_icmp_from)) return *from;
  return {};
}

}  // namespace plumb::tcp
