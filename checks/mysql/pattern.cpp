#include "checks/mysql/pattern.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checks/mysql/facts.hpp"
#include "checks/mysql/packet.hpp"
#include "checks/mysql/words.hpp"
#include "checks/places.hpp"

#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

bool ours(const Observation& seen) {
  return seen.phase == Phase::greeting || seen.phase == Phase::tls || seen.phase == Phase::login;
}

bool let_in_elsewhere(const Case& about, const Observation& failed) {
  const auto all = experiment::first_pass(about.evidence);
  return std::any_of(all.begin(), all.end(), [&](const Observation& seen) {
    return seen.phase == Phase::login && !seen.failure && seen.facts.has(key::login_ms) &&
           seen.endpoint != failed.endpoint && (!as_account(failed) || as_account(seen));
  });
}

// The text between `open` and the next quote: `Host '10.0.0.1' is…`, `…'u'@'10.0.0.1' (using…`.
std::string quoted_after(std::string_view text, std::string_view open) {
  const std::size_t start = text.find(open);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = text.substr(start + open.size());
  const std::size_t end = rest.find('\'');
  return end == std::string_view::npos ? std::string() : std::string(rest.substr(0, end));
}

std::string host_seen(std::string_view text) {
  for (const std::string_view open : {"'@'", "Host '"})
    if (std::string host = quoted_after(text, open); !host.empty()) return host;
  constexpr std::string_view kWhitelist = "client ip is ";
  const std::size_t at = text.find(kWhitelist);
  if (at == std::string_view::npos) return "a host it does not name";
  const std::string_view rest = text.substr(at + kWhitelist.size());
  std::string host(rest.substr(0, rest.find_first_not_of("0123456789abcdefABCDEF.:")));
  if (host.ends_with('.')) host.pop_back();  // the sentence's
  return host;
}

std::string seconds(double milliseconds) {
  const auto tenths = static_cast<std::int64_t>(milliseconds / 100.0 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

Bindings bindings_of(const Case& about, const Observation& seen,
                     const std::vector<std::string>& places) {
  const std::string text = seen.facts.get_or(key::error_text, std::string());
  Bindings bound;
  bound.emplace_back("address", name_places(places, places_tried(about)));
  bound.emplace_back("account", about.policy.account);
  bound.emplace_back("code", std::to_string(seen.facts.get_or(key::error_code, std::int64_t{0})));
  bound.emplace_back("message", text);
  bound.emplace_back("user", as_account(seen) ? about.policy.account : about.policy.probe_user);
  bound.emplace_back("server_sees", host_seen(text));
  bound.emplace_back("plugin", seen.facts.get_or(key::auth_switch, std::string("another plugin")));
  bound.emplace_back("database", about.target.database);
  bound.emplace_back("banner", seen.facts.get_or(key::banner, seen.raw));
  bound.emplace_back("protocol", seen.facts.get_or(key::other_protocol, std::string("unknown")));
  bound.emplace_back("waited", seconds(seen.facts.get_or(
                                   key::waited_ms, seen.facts.get_or(key::greeting_ms, 0.0))));
  return bound;
}

}  // namespace

Verdict match(const Case& about, const Pattern& pattern) {
  const Observation* decisive = nullptr;
  bool spared = true;
  std::vector<int> proof;
  std::vector<std::string> places;
  for (const Observation& seen : about.evidence.observations) {
    if (!ours(seen) || !pattern.applies(seen) || experiment::is_followup(seen)) continue;
    const bool elsewhere = let_in_elsewhere(about, seen);
    if (decisive == nullptr || (spared && !elsewhere)) decisive = &seen;
    spared = spared && elsewhere;
    proof.push_back(seen.n);
    if (!seen.endpoint.empty()) places.push_back(seen.endpoint);
  }
  if (decisive == nullptr) return Verdict::no(pattern.miss);
  std::stable_partition(proof.begin(), proof.end(), [&](int n) { return n == decisive->n; });
  const Severity severity =
      spared ? std::min(pattern.severity, Severity::warning) : pattern.severity;
  Verdict verdict = Verdict::yes(pattern.confidence, severity, std::move(proof),
                                 bindings_of(about, *decisive, places));
  verdict.rank = pattern.rank;
  return verdict;
}

Verdict match(const Case& about, const Pattern& pattern, const Pattern& otherwise) {
  Verdict first = match(about, pattern);
  if (first.matched) return first;
  Verdict second = match(about, otherwise);
  return second.matched ? second : first;
}

bool is_error(const Observation& seen, std::initializer_list<int> codes) {
  if (seen.failure != Failure::mysql_error) return false;
  const std::int64_t code = seen.facts.get_or(key::error_code, std::int64_t{0});
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool error_says(const Observation& seen, std::string_view words) {
  const std::string* text = seen.facts.get(key::error_text);
  return seen.failure == Failure::mysql_error && text != nullptr && says(*text, words);
}

bool is_failure(const Observation& seen, Phase phase, Failure failure) {
  return seen.phase == phase && seen.failure == failure;
}

bool as_account(const Observation& seen) { return seen.facts.get_or(key::login_account, false); }

bool is_denied(const Observation& seen) {
  return as_account(seen) && is_error(seen, {1045, 1698}) &&
         !seen.facts.get_or(key::full_auth_withheld, false) &&
         !seen.facts.get_or(key::auth_unsupported, false) &&
         !error_says(seen, "ip not in whitelist") && !error_says(seen, "user-name-prefix");
}

bool is_gone(const Observation& seen, Phase phase) {
  return is_failure(seen, phase, Failure::eof) || is_failure(seen, phase, Failure::reset) ||
         is_failure(seen, phase, Failure::tls_eof);
}

bool is_first_packet(const Observation& seen) {
  return seen.phase == Phase::login && !seen.facts.get_or(key::login_secure, false);
}

const Observation* greeting_at(const Case& about, const std::string& endpoint) {
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (seen.phase == Phase::greeting && seen.endpoint == endpoint && !seen.failure) return &seen;
  return nullptr;
}

bool offers_tls(const Case& about, const std::string& endpoint) {
  const Observation* greeting = greeting_at(about, endpoint);
  const auto offered = greeting ? greeting->facts.get_or(key::capabilities, std::int64_t{0}) : 0;
  return (offered & std::int64_t{capability::kSsl}) != 0;
}

}  // namespace plumb::mysql
