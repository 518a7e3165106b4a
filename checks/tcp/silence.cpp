#include "checks/tcp/silence.hpp"

#include <algorithm>
#include <iterator>

#include "checks/places.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tcp {
namespace {

using experiment::Path;

// A fault of an endpoint does not explain a silent public address, nor a database without an
// endpoint; a steady fault no silence that comes and goes. Such candidates go behind the others.
constexpr int kBehindTheOthers = 100;

bool may_have_endpoint(const Case& about, const std::vector<Attempt>& silent) {
  const Access access = about.profile->access;
  return access != Access::direct && access != Access::peering && !is_public_target(silent);
}

bool is_silent(const Path& path) { return path.connect->failure == Failure::timed_out; }

// Somebody out there said something. What this host lacked, or gave up, is neither.
bool is_answered(const Path& path) {
  return path.connected() || path.connect->failure == Failure::refused ||
         path.connect->failure == Failure::reset || has_icmp(*path.connect);
}

std::uint16_t port_of(const Path& path) {
  const auto endpoint = Endpoint::parse(path.connect->endpoint);
  return endpoint ? endpoint->port : std::uint16_t{0};
}

// Follow-ups to a silent address: others may look into one that refuses.
std::vector<Path> paths_there(const Silence& silence, const Case& about,
                              std::string_view experiment) {
  std::vector<Path> there = experiment::paths(about, experiment);
  std::erase_if(there, [&](const Path& path) {
    const auto endpoint = Endpoint::parse(path.connect->endpoint);
    return !endpoint || std::ranges::none_of(silence.silent, [&](const Attempt& attempt) {
      return attempt.endpoint.address == endpoint->address;
    });
  });
  return there;
}

void read(Silence& silence, const std::vector<Path>& paths) {
  for (const Path& path : paths) {
    silence.evidence.push_back(path.connect_n);
    if (path.last_n != path.connect_n) silence.evidence.push_back(path.last_n);
  }
}

std::string list(const std::vector<std::string>& items) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i)
    out += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return out;
}

void read_other_ports(Silence& silence, const Case& about) {
  const auto paths = paths_there(silence, about, experiment::kSecondPort);
  read(silence, paths);
  bool answered = false, silent = false;
  for (const Path& path : paths) {
    if (path.connected() && path.greeted()) silence.greets_on = port_of(path);
    if (path.connect->failure == Failure::refused && !has_icmp(*path.connect))
      silence.refuses_on = port_of(path);
    answered = answered || is_answered(path);
    silent = silent || is_silent(path);
  }
  silence.other_ports_silent = silent && !answered;
  if (silence.greets_on)
    silence.where +=
        ", though port " + std::to_string(*silence.greets_on) + " there greets as MySQL";
  else if (silence.refuses_on)
    silence.where +=
        ", though port " + std::to_string(*silence.refuses_on) + " there is refused at once";
}

// Over UDP, in the first pass: then its silence over TCP is a rule about port 53.
bool answers_questions(const Case& about, const std::string& resolver) {
  return std::ranges::any_of(about.evidence.observations, [&](const Observation& seen) {
    return seen.phase == Phase::resolve && seen.resolver == resolver &&
           seen.failure != Failure::timed_out;
  });
}

void read_control(Silence& silence, const Case& about) {
  const auto paths = experiment::paths(about, experiment::kControl);
  read(silence, paths);
  for (const Path& path : paths) {
    silence.control_works = silence.control_works || is_answered(path);
    if (!is_silent(path) || answers_questions(about, path.connect->endpoint)) continue;
    silence.control_fails = true;
    silence.where += "; " + path.connect->endpoint + " does not answer either";
  }
  if (silence.control_works) silence.control_fails = false;
}

void read_repetition(Silence& silence, const Case& about) {
  const auto paths = paths_there(silence, about, experiment::kRepeat);
  read(silence, paths);
  const auto traced = std::ranges::count_if(
      experiment::all(about, experiment::kPathTrace),
      [&](int n) { return about.evidence.find(n)->facts.get_or(key::path_reached, false); });
  const auto answered = std::ranges::count_if(paths, is_answered) + traced;
  const auto silent = std::ranges::count_if(paths, is_silent);
  silence.comes_and_goes = answered > 0;
  if (silence.comes_and_goes)
    silence.where += "; tried again, " + std::to_string(answered) + " of " +
                     std::to_string(answered + silent) + " attempts were answered";
}

// Do some runs of the experiment connect and others stay silent?
template <class Name>
bool differs(Silence& silence, const Case& about, std::string_view experiment, Name name) {
  const auto paths = paths_there(silence, about, experiment);
  std::vector<std::string> working, failing;
  for (const Path& path : paths) {
    if (path.connected()) working.push_back(name(*path.connect));
    if (is_silent(path)) failing.push_back(name(*path.connect));
  }
  read(silence, paths);
  if (working.empty() || failing.empty()) return false;
  silence.working_sources = list(working);
  silence.failing_sources = list(failing);
  return true;
}

// Linux's own choice, as that of the first pass: a port of it that works while others do not is
// luck, for a load balancer spreads connections by their ports over targets of which some are dead.
constexpr std::int64_t kFirstOwnChoice = 32768, kLastOwnChoice = 60999;

bool works_from_unusual_port(const Case& about) {
  return std::ranges::any_of(
      experiment::paths(about, experiment::kSourcePort), [](const Path& path) {
        const auto port = path.connect->facts.get_or(key::path_source_port, std::int64_t{0});
        return path.connected() && (port < kFirstOwnChoice || port > kLastOwnChoice);
      });
}

void read_sources(Silence& silence, const Case& about) {
  // Of what comes and goes, some attempts work wherever they leave from.
  if (silence.comes_and_goes) return;
  silence.by_source_port =
      differs(silence, about, experiment::kSourcePort,
              [](const Observation& seen) {
                return std::to_string(seen.facts.get_or(key::path_source_port, std::int64_t{0}));
              }) &&
      works_from_unusual_port(about);
  const auto repeated = paths_there(silence, about, experiment::kRepeat);
  silence.steadily_by_source_port = silence.by_source_port && repeated.size() > 1;
  if (silence.by_source_port) {
    silence.where += "; from source port " + silence.working_sources + " it answers";
    return;
  }
  silence.by_source_address =
      differs(silence, about, experiment::kSourceAddress, [](const Observation& seen) {
        return seen.facts.get_or(key::local_address, std::string("another address"));
      });
  if (silence.by_source_address)
    silence.where += "; from " + silence.working_sources + " it answers";
}

// A sentence bears so much.
constexpr std::size_t kLongEnough = 180;

// Where the trace ends is no proof of who dropped: a router need not say anything.
void read_trace(Silence& silence, const Case& about) {
  for (const int n : experiment::all(about, experiment::kPathTrace)) {
    const Observation& seen = *about.evidence.find(n);
    const auto* hops = seen.facts.get(key::path_hops);
    const auto last = seen.facts.get_or(key::path_last_hop, std::int64_t{0});
    if (!hops || last < 1 || last > static_cast<std::int64_t>(hops->size())) continue;
    silence.evidence.push_back(n);
    silence.where +=
        "; the last hop that answers on the way is " + (*hops)[static_cast<std::size_t>(last - 1)];
    return;
  }
}

// A single retransmission may have met a full queue.
constexpr std::int64_t kEnoughResent = 2;

// A window that others share with the silent target (another port that is silent too, another
// program) has retransmissions of both kinds: then the sockets decide, if they tell.
void read_counters(Silence& silence, const Case& about) {
  for (const Observation& seen : about.evidence.observations) {
    const auto* resent = seen.facts.get(key::local_syns_resent);
    const auto* failed = seen.facts.get(key::local_resends_failed);
    if (!resent || !failed) continue;
    silence.counted = seen.n;
    silence.resent = *resent;
    silence.failed = *failed;
  }
  std::size_t left = 0, stayed = 0;
  for (const Attempt& attempt : silence.silent)
    if (const auto* flag = attempt.seen->facts.get(key::tcp_syn_left)) ++(*flag ? left : stayed);
  const bool all_failed = silence.failed >= silence.resent && left == 0;
  const bool all_stayed = stayed == silence.silent.size();
  silence.held_back = silence.resent >= kEnoughResent && silence.failed >= kEnoughResent &&
                      (all_failed || all_stayed);
  silence.left = silence.resent >= kEnoughResent && stayed == 0 &&
                 (silence.failed == 0 || left == silence.silent.size());
}

Silence none(std::string_view why) {
  Silence silence;
  silence.because = why;
  return silence;
}

}  // namespace

Silence silence_of(const Case& about) {
  const auto first_pass = experiment::first_pass(about.evidence);
  if (std::ranges::none_of(first_pass,
                           [](const Observation& o) { return o.phase == Phase::connect; }))
    return none("no connect was tried");
  if (std::ranges::none_of(first_pass, [](const Observation& o) {
        return o.phase == Phase::connect && o.failure == Failure::timed_out;
      }))
    return none("every SYN was answered");
  const Attempts attempts = attempts_of(about);
  const std::vector<Attempt> silent = attempts.failed_with({Failure::timed_out});
  if (silent.empty()) return none("every SYN was answered");
  if (attempts.some_worked()) return none("another address accepts connections");
  if (is_loopback_target(silent)) return none("the target is this host itself");
  Silence silence;
  silence.silent = silent;
  silence.evidence = numbers(silent);
  const bool each = silent.size() == attempts.all.size() && silent.size() > 3;
  std::vector<std::string> places;
  for (const Attempt& attempt : silent) places.push_back(attempt.endpoint.to_string());
  silence.where =
      each ? "any of the " + std::to_string(silent.size()) + " addresses" : name_places(places, 0);
  read_other_ports(silence, about);
  read_control(silence, about);
  read_repetition(silence, about);
  read_sources(silence, about);
  read_trace(silence, about);
  read_counters(silence, about);
  return silence;
}

Verdict candidate(const Case& about, const Silence& silence, const Candidate& what) {
  if (silence.silent.empty()) return Verdict::no(silence.because);
  const Cloud cloud = what.cloud == Cloud::unknown ? Cloud::unknown : endpoint_cloud(about);
  const bool unknown_may_be_aws = what.cloud == Cloud::aws && cloud == Cloud::unknown;
  if (cloud != what.cloud && !unknown_may_be_aws)
    return Verdict::no("the endpoint is in another cloud, as far as is known");
  if (what.of_endpoint && about.profile->address == Expected::public_address)
    return Verdict::no("the target is a public endpoint");
  if (silence.greets_on && what.whole_address)
    return Verdict::no("another port of the same address answers");
  if (silence.by_source_address && !what.minds_source_address)
    return Verdict::no("from another address of this host it answers");
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, silence.evidence,
                                 {{"silent", silence.where}});
  verdict.rank = what.rank;
  if (what.of_endpoint && !may_have_endpoint(about, silence.silent))
    verdict.rank += kBehindTheOthers;
  if (silence.refuses_on && what.whole_address) verdict.rank += kBehindTheOthers;
  if (silence.by_source_port && !what.minds_source_port) verdict.rank += kBehindTheOthers;
  if (silence.comes_and_goes) verdict.rank += kBehindTheOthers;
  if (silence.held_back && !what.at_this_host) verdict.rank += kBehindTheOthers;
  return verdict;
}

Verdict candidate(const Case& about, const Candidate& what) {
  return candidate(about, silence_of(about), what);
}

}  // namespace plumb::tcp
