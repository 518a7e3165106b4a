#include "probe/model/signs.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

bool is_view(const Observation& seen) {
  return seen.facts.get_or(key::dns_application_view, false);
}

// An answer for some type but not for this one: as of a name without IPv6 addresses.
bool lacks_only_a_type(const Case& about, const Observation& empty) {
  const std::string* name = empty.facts.get(key::dns_question_name);
  const std::string* type = empty.facts.get(key::dns_question_type);
  bool answered = false;
  for (const Observation& other : about.evidence.observations) {
    if (other.phase != Phase::resolve || is_view(other)) continue;
    const auto* answers = other.facts.get(key::dns_answers);
    if (!answers || answers->empty()) continue;
    const std::string* others_name = other.facts.get(key::dns_question_name);
    const std::string* others_type = other.facts.get(key::dns_question_type);
    if (!name || !others_name || *name != *others_name) continue;
    if (!type || !others_type || *type == *others_type) return false;
    answered = answered || other.resolver == empty.resolver;
  }
  return answered;
}

bool knows_ranges(const Case& about) {
  return std::ranges::any_of(about.evidence.observations, [](const Observation& seen) {
    return seen.facts.has(key::local_vpc_cidrs);
  });
}

bool has_odd_address(const Case& about) {
  bool global = false, other = false;
  const std::vector<std::string>* before = nullptr;
  for (const Observation& seen : about.evidence.observations) {
    if (seen.phase != Phase::resolve) continue;
    const auto* answers = seen.facts.get(key::dns_answers);
    if (!answers || (before && *before == *answers)) continue;
    before = answers;
    for (const std::string& text : *answers) {
      const auto address = Address::parse(text);
      if (!address) return true;
      const bool is_global = address->classify() == AddressClass::global;
      // A global IPv6 address may be one of the client's own network.
      if (is_global && !address->is_v4() && knows_ranges(about)) return true;
      (is_global ? global : other) = true;
    }
  }
  return global && (other || about.profile->address == Expected::private_address);
}

bool is_odd_answer(const Case& about, const Observation& seen) {
  const bool view = is_view(seen);
  if (seen.failure && (seen.failure != Failure::nodata || view)) return true;
  const std::string* source = view ? seen.facts.get(key::dns_source) : nullptr;
  if (source && *source == "hosts") return true;
  const auto* answers = seen.facts.get(key::dns_answers);
  const bool none = !answers || answers->empty();
  if (seen.failure && !none) return true;
  return !view && none && !lacks_only_a_type(about, seen);
}

bool has_odd_name(const Case& about) {
  const auto& all = about.evidence.observations;
  if (std::ranges::any_of(all, [&](const Observation& seen) {
        return seen.phase == Phase::resolve && is_odd_answer(about, seen);
      }))
    return true;
  const auto first = std::ranges::find_if(all, [](const Observation& seen) {
    return (seen.phase == Phase::connect && !seen.failure) || experiment::is_followup(seen);
  });
  const bool connected = first != all.end() && !experiment::is_followup(*first);
  return !connected || has_odd_address(about);
}

bool is_odd_tls(const Observation& seen) {
  return seen.failure || !seen.raw.empty() || seen.facts.has(key::tls_alert) ||
         !seen.facts.get_or(key::tls_chain_ok, false) ||
         !seen.facts.get_or(key::tls_dates_ok, false) ||
         !seen.facts.get_or(key::tls_name_ok, false);
}

}  // namespace

Signs signs_of(const Case& about) {
  Signs all;
  for (const Observation& seen : about.evidence.observations) {
    all = all | sign::seen(seen.phase);
    if (seen.failure) all = all | sign::failed(seen.phase);
    if (seen.phase == Phase::tls && is_odd_tls(seen)) all = all | sign::odd_tls;
  }
  if (about.purpose != Purpose::connect) all = all | sign::purpose;
  if (!about.policy.account.empty()) all = all | sign::account;
  if (about.policy.pinned_target) all = all | sign::pinned;
  if (all.any_of(sign::seen(Phase::resolve)) && has_odd_name(about)) all = all | sign::odd_name;
  return all;
}

}  // namespace plumb
