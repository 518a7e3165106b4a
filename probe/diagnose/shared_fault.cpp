#include "probe/diagnose/shared_fault.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

using Thing = SharedFaults::Thing;
using Things = std::set<Thing>;
using Steps = std::vector<const Observation*>;

std::string name_of(const Case& about) {
  Target target = about.target;
  if (!target.port) target.port = about.profile->port;
  return target.to_string();
}

std::optional<Address> address_of(const Observation& seen) {
  const auto endpoint = Endpoint::parse(seen.endpoint);
  return endpoint ? std::optional(endpoint->address) : std::nullopt;
}

// "us-east-1a" of vpce-…-us-east-1a.vpce-svc-….vpce.amazonaws.com; empty for a regional name.
std::string zone_in(std::string_view name) {
  const std::string_view label = name.substr(0, name.find('.'));
  if (!label.starts_with("vpce-") || name.find(".vpce-svc-") != label.size()) return {};
  const std::string_view zone = label.substr(std::min(label.find('-', 5), label.size()));
  const std::size_t region = zone.empty() ? zone.npos : zone.find('-', 1);
  if (region == zone.npos || region + 1 >= zone.size()) return {};
  const char letter = zone.back(), digit = zone[zone.size() - 2];
  const bool zonal = letter >= 'a' && letter <= 'z' && digit >= '0' && digit <= '9';
  return zonal ? std::string(zone.substr(region + 1)) : std::string();
}

std::string zone_of(const Case& about, const std::string& address) {
  for (const int n : experiment::questions(about, experiment::kZonalName)) {
    const Facts& facts = about.evidence.find(n)->facts;
    const auto* answers = facts.get(key::dns_answers);
    if (answers && std::ranges::find(*answers, address) != answers->end())
      return zone_in(facts.get_or(key::dns_question_name, std::string()));
  }
  return zone_in(about.target.host);
}

template <class Container>
void add_place(const Case& about, const Observation& seen, Container& things) {
  const auto address = address_of(seen);
  if (!address) return;
  std::string text = address->to_string();
  std::string zone = zone_of(about, text);
  things.insert(things.end(), {SharedThing::address, std::move(text)});
  if (!zone.empty()) things.insert(things.end(), {SharedThing::zone, std::move(zone)});
}

// What the root stands on: the steps of its evidence that failed, else the decisive one.
Steps telling_steps(const Case& about, const Finding& root) {
  Steps all, failed;
  for (const int n : root.evidence)
    if (const Observation* seen = about.evidence.find(n); seen && !experiment::is_followup(*seen))
      (seen->failure ? failed : all).push_back(seen);
  if (!failed.empty()) return failed;
  if (all.size() > 1) all.resize(1);
  return all;
}

// The view of the application names no resolver: it comes from those that gave the same answer.
void add_resolvers(const Case& about, const Observation& telling, Things& things) {
  if (telling.phase != Phase::resolve) return;
  if (!telling.resolver.empty()) things.emplace(SharedThing::resolver, telling.resolver);
  const auto* answers = telling.facts.get(key::dns_answers);
  if (!answers || answers->empty()) return;
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (const auto* same = seen.facts.get(key::dns_answers);
        !seen.resolver.empty() && same && *same == *answers)
      things.emplace(SharedThing::resolver, seen.resolver);
}

void add_trust(const Observation& seen, Things& things) {
  const std::string trust = seen.facts.get_or(key::tls_trust, std::string());
  const bool empty = seen.facts.get_or(key::tls_trust_count, std::int64_t{1}) == 0;
  if (!trust.empty() && (empty || !seen.facts.get_or(key::tls_chain_ok, true)))
    things.emplace(SharedThing::ca, trust);
}

void add_groups(const Case& about, Things& things) {
  for (const Observation& seen : about.evidence.observations)
    for (const std::string& group : seen.facts.get_or(key::local_groups, {}))
      things.emplace(SharedThing::security_group, group);
}

bool is_of_this_host(const Observation& seen) {
  return seen.failure == Failure::no_route || seen.failure == Failure::permission_denied ||
         seen.failure == Failure::address_unavailable;
}

Things behind(const Case& about, const Finding& root) {
  Things things;
  for (const Observation* seen : telling_steps(about, root)) {
    if (root.layer == Layer::dns) {
      add_resolvers(about, *seen, things);
      continue;
    }
    if (seen->phase == Phase::resolve) continue;
    add_place(about, *seen, things);
    if (root.layer == Layer::tls) add_trust(*seen, things);
    if (seen->phase == Phase::connect && seen->failure == Failure::timed_out)
      add_groups(about, things);
    if (is_of_this_host(*seen)) things.emplace(SharedThing::cause, root.id);
  }
  return things;
}

std::vector<Thing> working_in(const Report& report) {
  const bool ok = report.diagnosis.outcome == Outcome::ok;
  std::vector<Thing> things;
  things.reserve(4);  // a healthy one: two answers, an address, trust
  std::string_view place;
  for (const Observation& seen : experiment::first_pass(report.about.evidence)) {
    if (seen.failure) continue;
    const auto* answers = seen.facts.get(key::dns_answers);
    if (seen.phase == Phase::resolve && !seen.resolver.empty() && answers && !answers->empty())
      things.emplace_back(SharedThing::resolver, seen.resolver);
    if (seen.phase == Phase::tls && seen.facts.get_or(key::tls_chain_ok, false))
      things.emplace_back(SharedThing::ca, seen.facts.get_or(key::tls_trust, std::string()));
    // An address that accepts and then turns everybody away does not work.
    const bool works = seen.phase == Phase::login || (ok && seen.phase == Phase::connect);
    if (!works || seen.endpoint == place) continue;
    add_place(report.about, seen, things);
    place = seen.endpoint;
  }
  return things;
}

bool is_working_connect(const Observation& seen) {
  if (seen.phase != Phase::connect || seen.failure) return false;
  const auto address = address_of(seen);
  return address && address->classify() != AddressClass::loopback;
}

std::uint64_t hash_of(const Thing& thing) {
  return SeenThings::hash(thing.second) + static_cast<std::uint64_t>(thing.first);
}

}  // namespace

void SharedFaults::count(const Report& report) {
  Things blamed;
  if (const auto cause = report.diagnosis.cause(); !cause.empty()) {
    blamed = behind(report.about, report.diagnosis.findings.front());
    const std::string target = name_of(report.about);
    if (troubled_.size() < 3) troubled_.insert(target);
    for (const Thing& thing : blamed) blame(thing, std::string(cause), target);
  }
  some_connected_ =
      some_connected_ ||
      std::ranges::any_of(experiment::first_pass(report.about.evidence), is_working_connect);
  some_ok_ = some_ok_ || report.diagnosis.outcome == Outcome::ok;
  for (const Thing& thing : working_in(report))
    if (!blamed.contains(thing)) working_.add(hash_of(thing));
}

void SharedFaults::blame(const Thing& thing, const std::string& cause, const std::string& target) {
  Blamed& those = blamed_[{thing, cause}];
  if (those.names.contains(target)) return;  // given twice
  ++those.count;
  those.sum += SeenThings::hash(target);
  const bool room = named_ < kNamesInAll ? those.names.size() < kMostNames : those.names.size() < 3;
  if (room) {
    those.names.insert(target);
    ++named_;
  } else if (target < *those.names.rbegin()) {
    those.names.erase(std::prev(those.names.end()));
    those.names.insert(target);
  }
  if (blamed_.size() > kMostThings) forget_the_rarest();
}

void SharedFaults::forget_the_rarest() {
  for (std::size_t few = 1; blamed_.size() > kMostThings / 2; ++few)
    for (auto at = blamed_.begin(); at != blamed_.end();) {
      const bool rare = at->second.count <= few;
      if (rare) named_ -= at->second.names.size();
      at = rare ? blamed_.erase(at) : std::next(at);
    }
}

// What all targets leave through is recorded with the failing ones alone.
bool SharedFaults::works(const Thing& thing) const {
  if (thing.first == SharedThing::security_group) return some_connected_;
  if (thing.first == SharedThing::cause) return some_ok_;
  return working_.contains(hash_of(thing));
}

std::vector<SharedFault> SharedFaults::list() const {
  using Set = std::pair<std::size_t, std::uint64_t>;  // of targets: how many, and their sum
  struct Told {
    SharedThing what;
    std::vector<std::string> values;
    const Blamed* those;
  };
  std::map<std::pair<std::string, Set>, Told> told;  // by cause and targets
  for (const auto& [key, those] : blamed_) {
    const auto& [thing, cause] = key;
    const bool enough = those.count >= 3 || (those.count == 2 && troubled_.size() == 2);
    if (!enough || works(thing)) continue;
    // Things come in the order of what they tell.
    Told& one =
        told.try_emplace({cause, Set{those.count, those.sum}}, Told{thing.first, {}, &those})
            .first->second;
    if (one.what == thing.first) one.values.push_back(thing.second);
  }
  std::map<std::pair<SharedThing, std::vector<std::string>>, SharedFault> merged;
  for (const auto& [key, one] : told) {
    SharedFault& fault = merged[{one.what, one.values}];
    fault.what = one.what;
    fault.values = one.values;
    fault.causes.push_back(key.first);  // sorted: they come so
    fault.targets.insert(fault.targets.end(), one.those->names.begin(), one.those->names.end());
    fault.count += one.those->count;
  }
  std::vector<SharedFault> out;
  for (auto& [key, fault] : merged) {
    std::ranges::sort(fault.targets);
    // A target of two causes, given twice.
    const auto twice = std::unique(fault.targets.begin(), fault.targets.end());
    fault.count -= static_cast<std::size_t>(fault.targets.end() - twice);
    fault.targets.erase(twice, fault.targets.end());
    out.push_back(std::move(fault));
  }
  std::ranges::stable_sort(
      out, [](const SharedFault& a, const SharedFault& b) { return a.count > b.count; });
  return out;
}

std::vector<SharedFault> shared_faults(std::span<const Report> reports) {
  SharedFaults counted;
  for (const Report& report : reports) counted.count(report);
  return counted.list();
}

}  // namespace plumb
