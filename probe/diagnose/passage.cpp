#include "probe/diagnose/passage.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

// Declared in checks/mysql/facts.hpp, which this room may not see; the names are the outward
// contract.
constexpr key::Text kLoginAs{"mysql.login.as", "", "account or anonymous"};
constexpr key::Number kErrorCode{"mysql.error_code", "", "code of the ERR packet"};

struct Path {
  int stop = 0;  // 0: nothing stopped it
  Phase stopped_in = Phase::connect;
  int login = 0;  // the login that was accepted
  bool as_account = false;
  bool encrypted = false;
  std::uint16_t port = 0;
};

bool concerns_certificate(Failure failure) {
  return failure == Failure::certificate_untrusted ||
         failure == Failure::certificate_name_mismatch || failure == Failure::certificate_expired ||
         failure == Failure::certificate_not_yet_valid || failure == Failure::certificate_invalid;
}

bool handshake_completed(const Observation& tls) {
  return !tls.failure || concerns_certificate(*tls.failure);
}

bool meets(TlsMode policy, const Observation& tls) {
  if (policy == TlsMode::off || policy == TlsMode::preferred) return true;
  if (!handshake_completed(tls)) return false;
  if (policy == TlsMode::required) return true;
  const bool chain =
      tls.facts.get_or(key::tls_chain_ok, false) && tls.facts.get_or(key::tls_dates_ok, false);
  return chain && (policy == TlsMode::verify_ca || tls.facts.get_or(key::tls_name_ok, false));
}

bool is_account(const Observation& login) {
  const std::string* who = login.facts.get(kLoginAs);
  return who && *who == "account";
}

bool stops_a_client(const Observation& seen, TlsMode policy) {
  if (seen.phase == Phase::tls && !meets(policy, seen)) return true;
  // "access denied" to the anonymous login proves that the login layer answers; to the account it
  // is a refusal.
  if (seen.phase == Phase::login && is_account(seen) && seen.facts.has(kErrorCode)) return true;
  if (!seen.failure) return false;
  const bool only_recorded = concerns_certificate(*seen.failure);
  const bool plain_will_do = policy == TlsMode::off || policy == TlsMode::preferred;
  return !only_recorded && !(*seen.failure == Failure::tls_not_offered && plain_will_do);
}

std::uint16_t port_of(const Observation& seen) {
  const std::string_view endpoint = seen.endpoint;
  return parse_port(endpoint.substr(endpoint.rfind(':') + 1)).value_or(0);
}

class Paths {
 public:
  explicit Paths(const Case& about) : about_(about) {
    const auto all = experiment::first_pass(about.evidence);
    std::vector<std::size_t> path_of(all.size() + 1, 0);  // by number: its place, from 1; 0: none
    for (std::size_t n = 1; n <= all.size(); ++n) {
      const Observation& seen = all[n - 1];
      const int number = static_cast<int>(n);
      const bool built_on = seen.after > 0 && seen.after < number;
      if (seen.phase == Phase::connect) {
        by_connect_.emplace_back();
        path_of[n] = by_connect_.size();
      } else if (built_on) {
        path_of[n] = path_of[static_cast<std::size_t>(seen.after)];
      }
      if (path_of[n] != 0) add(by_connect_[path_of[n] - 1], seen, number);
    }
    for (Path& path : by_connect_) {
      require_tls(path);
      require_account(path);
    }
  }

  const std::vector<Path>& by_connect() const { return by_connect_; }

 private:
  void add(Path& path, const Observation& seen, int n) {
    // What the library's session meets, our own login has passed.
    if (seen.phase == Phase::path || seen.phase == Phase::cloud || seen.phase == Phase::session)
      return;
    if (seen.phase == Phase::connect) path.port = port_of(seen);
    if (seen.phase == Phase::tls && handshake_completed(seen)) path.encrypted = true;
    if (path.stop == 0 && stops_a_client(seen, about_.policy.tls)) stop(path, n, seen.phase);
    if (seen.phase != Phase::login || seen.failure) return;
    path.login = n;
    path.as_account = is_account(seen);
  }

  // A login went through in the clear although the policy asks for TLS, and no step says so itself.
  void require_tls(Path& path) {
    const bool plain_will_do =
        about_.policy.tls == TlsMode::off || about_.policy.tls == TlsMode::preferred;
    if (!plain_will_do && !path.encrypted && path.login != 0 && path.stop == 0)
      stop(path, path.login, Phase::login);
  }

  // The account's name cannot be right here, so that its password was not sent: the anonymous login
  // that was done instead is where the application would stop.
  void require_account(Path& path) {
    const std::string& account = about_.policy.account;
    if (!account.empty() && !may_be_user_of(*about_.profile, account) && path.login != 0 &&
        path.stop == 0)
      stop(path, path.login, Phase::login);
  }

  static void stop(Path& path, int n, Phase phase) {
    path.stop = n;
    path.stopped_in = phase;
  }

  const Case& about_;
  std::vector<Path> by_connect_;  // in the order of the connects
};

bool is_through(const Path& path, bool account_refused) {
  return path.login != 0 && path.stop == 0 && (!account_refused || path.as_account);
}

bool account_was_refused(const Case& about) {
  return std::ranges::any_of(experiment::first_pass(about.evidence), [](const Observation& seen) {
    const bool answered = seen.failure == Failure::mysql_error || seen.facts.has(kErrorCode);
    return seen.phase == Phase::login && is_account(seen) && answered;
  });
}

std::vector<int> resolve_stops(const Case& about) {
  std::vector<int> stops;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    if (seen.phase != Phase::resolve) continue;
    if (seen.facts.get_or(key::dns_application_view, false))
      return seen.failure ? std::vector<int>{n} : std::vector<int>{};
    if (!seen.failure) continue;
    stops.push_back(n);
  }
  return stops;
}

bool failed_with(const Case& about, int n, Failure failure) {
  return about.evidence.find(n)->failure == failure;
}

// What the tool lacked, or a run that was cut short, says nothing about the target.
bool is_our_trouble(const Case& about, const std::vector<int>& all_stops) {
  if (all_stops.empty() || has_no_network(about)) return true;
  if (std::ranges::any_of(all_stops,
                          [&](int n) { return failed_with(about, n, Failure::local_limit); }))
    return true;
  if (std::ranges::all_of(all_stops,
                          [&](int n) { return failed_with(about, n, Failure::cancelled); }))
    return true;
  const bool at_resolve = about.evidence.find(all_stops.front())->phase == Phase::resolve;
  return at_resolve &&
         std::ranges::any_of(experiment::first_pass(about.evidence), [](const Observation& seen) {
           return !seen.facts.get_or(key::local_resolv_conf, true);
         });
}

void note_port(Passage& passage, const Path& path) {
  if (std::ranges::find(passage.ports, path.port) == passage.ports.end())
    passage.ports.push_back(path.port);
}

}  // namespace

Passage judge_passage(const Case& about) {
  const Paths paths(about);
  const bool refused = account_was_refused(about);
  Passage passage;
  std::vector<int> all_stops;
  Phase best = Phase::resolve;
  for (const Path& path : paths.by_connect()) {
    if (is_through(path, refused)) {
      passage.way = Way::through;
      note_port(passage, path);
    }
    if (path.stop == 0) continue;
    all_stops.push_back(path.stop);
    if (!failed_with(about, path.stop, Failure::cancelled)) best = std::max(best, path.stopped_in);
  }
  if (passage.way == Way::through) return passage;
  if (paths.by_connect().empty()) all_stops = passage.stops = resolve_stops(about);
  for (const Path& path : paths.by_connect()) {
    if (path.stop == 0 || path.stopped_in != best ||
        failed_with(about, path.stop, Failure::cancelled))
      continue;
    passage.stops.push_back(path.stop);
    note_port(passage, path);
  }
  if (!is_our_trouble(about, all_stops)) passage.way = Way::kept_out;
  return passage;
}

bool has_no_network(const Case& about) {
  bool nothing = false;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase == Phase::connect && !seen.failure) return false;
    if (const auto* addresses = seen.facts.get(key::local_addresses))
      nothing = addresses->empty() && !seen.facts.get_or(key::local_default_route, false);
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (endpoint && endpoint->address.classify() == AddressClass::loopback) return false;
  }
  const auto literal = about.target.literal();
  const bool loopback = literal && literal->classify() == AddressClass::loopback;
  return nothing && !loopback && about.target.host != "localhost";
}

}  // namespace plumb
