#include "checks/tcp/partial.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "checks/tcp/attempts.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

constexpr int kSteadyFaultsLater = 100;

struct Split {
  std::vector<Attempt> failing, working;
  bool is_partial() const { return !failing.empty() && !working.empty(); }
};

Split split_of(const Case& about) {
  Split split;
  for (const Attempt& attempt : attempts_of(about).all)
    (attempt.worked() ? split.working : split.failing).push_back(attempt);
  return split;
}

// "us-east-1a" of vpce-…-us-east-1a.vpce-svc-….
std::string zone_of(const std::string& zonal_name) {
  static const std::regex kZone("-([a-z]{2}(?:-[a-z]+)+-[0-9][a-z])$");
  const std::string label = zonal_name.substr(0, zonal_name.find('.')).substr(0, 253);
  std::smatch found;
  return std::regex_search(label, found, kZone) ? found[1].str() : std::string();
}

// The zone of an address, by the answers for the zonal names; and which of them says so.
std::optional<std::pair<std::string, int>> zone_of(const Case& about, const Address& address) {
  for (const int n : experiment::questions(about, experiment::kZonalName)) {
    const Observation& seen = *about.evidence.find(n);
    const auto answers = seen.facts.get_or(key::dns_answers, std::vector<std::string>{});
    if (std::ranges::find(answers, address.to_string()) == answers.end()) continue;
    const std::string zone = zone_of(seen.facts.get_or(key::dns_question_name, std::string()));
    if (!zone.empty()) return std::pair(zone, n);
  }
  return std::nullopt;
}

std::string in_zones(const Case& about, const std::vector<Attempt>& failing,
                     std::vector<int>& proof) {
  std::vector<std::string> zones;
  for (const Attempt& attempt : failing) {
    const auto found = zone_of(about, attempt.endpoint.address);
    if (!found) continue;
    proof.push_back(found->second);
    if (std::ranges::find(zones, found->first) == zones.end()) zones.push_back(found->first);
  }
  std::string out;
  for (const std::string& zone : zones) out += (out.empty() ? " in zone " : " and ") + zone;
  return out;
}

bool among(const std::vector<Attempt>& attempts, const std::string& endpoint) {
  return std::ranges::any_of(
      attempts, [&](const Attempt& one) { return one.endpoint.to_string() == endpoint; });
}

// Answered only when its SYN was sent again.
bool was_hesitant(const Attempt& attempt) {
  return attempt.seen->facts.get_or(key::tcp_syn_retransmits, std::int64_t{0}) > 0;
}

// Of an address that failed something was answered, of one that works something was not.
bool comes_and_goes(const Case& about, const Split& split) {
  const auto again = experiment::paths(about, experiment::kRepeat);
  const auto traces = experiment::all(about, experiment::kPathTrace);
  return std::ranges::any_of(split.working, was_hesitant) ||
         std::ranges::any_of(again,
                             [&](const auto& path) {
                               return among(path.connected() ? split.failing : split.working,
                                            path.connect->endpoint);
                             }) ||
         std::ranges::any_of(traces, [&](int n) {
           const Observation& trace = *about.evidence.find(n);
           return trace.facts.get_or(key::path_reached, false) &&
                  among(split.failing, trace.endpoint);
         });
}

}  // namespace

Verdict match_partial(const Case& about) {
  const Split split = split_of(about);
  if (split.working.empty()) return Verdict::no("no address works");
  if (split.failing.empty()) return Verdict::no("every address accepts connections");
  std::vector<int> proof = numbers(split.failing);
  std::ranges::copy(numbers(split.working), std::back_inserter(proof));
  const std::string zones = in_zones(about, split.failing, proof);
  const std::string device = sender(split.failing);
  const std::string by = device.empty() ? "" : "; the answer came from " + device;
  return Verdict::yes(
      Confidence::certain, Severity::warning, std::move(proof),
      {{"failing", describe(split.failing) + zones + by}, {"working", describe(split.working)}});
}

Verdict partial_candidate(const Case& about, Cloud cloud, int rank, bool only_silent) {
  Split split = some_connect_failed(about) ? split_of(about) : Split{};
  if (!split.is_partial()) return Verdict::no("the addresses do not differ");
  const Cloud known = endpoint_cloud(about);
  if (known != cloud && !(cloud == Cloud::aws && known == Cloud::unknown))
    return Verdict::no("the endpoint is in another cloud, as far as is known");
  const bool unsteady = comes_and_goes(about, split);
  std::erase_if(split.failing, [&](const Attempt& attempt) {
    const Failure failure = *attempt.seen->failure;
    const bool refused = failure == Failure::refused || failure == Failure::reset;
    return failure != Failure::timed_out && (only_silent || !refused || has_icmp(*attempt.seen));
  });
  if (split.failing.empty())
    return Verdict::no("what the failing addresses answer names another cause");
  const bool only_refused = std::ranges::none_of(split.failing, [](const Attempt& attempt) {
    return attempt.seen->failure == Failure::timed_out;
  });
  const bool known_balancer = about.profile->behind_load_balancer;
  std::vector<int> proof = numbers(split.failing);
  const std::string zones = in_zones(about, split.failing, proof);
  Verdict verdict = Verdict::yes(
      Confidence::possible, only_refused && !known_balancer ? Severity::info : Severity::warning,
      std::move(proof),
      {{"silent", describe(split.failing) + zones}, {"working", describe(split.working)}});
  verdict.rank = rank + (unsteady ? kSteadyFaultsLater : 0);
  return verdict;
}

Verdict partial_that_comes_and_goes(const Case& about, int rank) {
  const Split split = some_connect_failed(about) ? split_of(about) : Split{};
  if (!split.is_partial()) return Verdict::no("nothing comes and goes");
  if (!comes_and_goes(about, split))
    return Verdict::no("an address that fails once fails each time, and one that works works");
  std::vector<int> proof = numbers(split.failing);
  std::ranges::copy(experiment::all(about, experiment::kRepeat), std::back_inserter(proof));
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::warning, std::move(proof),
                                 {{"silent", describe(split.failing) + ", though not each time"}});
  verdict.rank = rank;
  return verdict;
}

Verdict match_no_target_in_zone(const Case& about) {
  return partial_candidate(about, Cloud::aws, 10, false);
}

Verdict partial_by_nacl(const Case& about) {
  return partial_candidate(about, Cloud::aws, 20, true);
}

}  // namespace plumb::tcp
