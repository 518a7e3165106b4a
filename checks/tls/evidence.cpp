#include "checks/tls/evidence.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "checks/places.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::tls {
namespace {

constexpr std::string_view kSystem = "system";
constexpr std::string_view kIsrgRootX1 = wire::Trust::kIsrgRootX1;
constexpr std::string_view kIsrgRoots = wire::Trust::kIsrgRoots;

const key::Flag& verdict_key(Verification what) {
  switch (what) {
    case Verification::chain:
      return key::tls_chain_ok;
    case Verification::dates:
      return key::tls_dates_ok;
    case Verification::name:
      break;
  }
  return key::tls_name_ok;
}

bool about_certificate(Failure failure) {
  return failure == Failure::certificate_untrusted || failure == Failure::certificate_invalid ||
         failure == Failure::certificate_expired || failure == Failure::certificate_not_yet_valid ||
         failure == Failure::certificate_name_mismatch;
}

// A client that follows the policy would have gone on from here.
bool does_what_is_asked(const Case& about, const Observation& seen) {
  if (seen.failure && !about_certificate(*seen.failure)) return false;
  return std::ranges::none_of(
      std::vector{Verification::chain, Verification::dates, Verification::name},
      [&](Verification what) { return demanded(about, what) && is_bad(seen, what); });
}

bool another_address_works(const Case& about, const Seen& bad) {
  return std::ranges::any_of(experiment::first_pass(about.evidence), [&](const Observation& seen) {
    return seen.phase == Phase::tls && does_what_is_asked(about, seen) &&
           std::ranges::none_of(
               bad, [&](const Observation* one) { return one->endpoint == seen.endpoint; });
  });
}

bool is_file(std::string_view trust) {
  return trust != kSystem && trust != kIsrgRootX1 && trust != kIsrgRoots;
}

std::string shown_at(const Case& about, const Seen& seen) {
  std::vector<std::string> places;
  for (const Observation* one : seen)
    if (!one->endpoint.empty()) places.push_back(one->endpoint);
  return places.empty() ? "an unnamed address" : name_places(places, places_tried(about));
}

}  // namespace

Seen handshakes(const Case& about, const std::function<bool(const Observation&)>& shows) {
  Seen seen;
  for (const Observation& one : experiment::first_pass(about.evidence))
    if (one.phase == Phase::tls && shows(one)) seen.push_back(&one);
  return seen;
}

bool demanded(const Case& about, Verification what) {
  if (about.policy.tls == TlsMode::verify_full) return true;
  return about.policy.tls == TlsMode::verify_ca && what != Verification::name;
}

bool is_bad(const Observation& seen, Verification what) {
  return !seen.facts.get_or(verdict_key(what), true);
}

bool proved_name(const Case& about, const std::string& endpoint) {
  if (!demanded(about, Verification::name)) return false;
  return !handshakes(about, [&](const Observation& seen) {
            return seen.endpoint == endpoint && seen.facts.get_or(key::tls_chain_ok, false) &&
                   seen.facts.get_or(key::tls_name_ok, false);
          }).empty();
}

Verdict found(const Case& about, const Seen& seen, Confidence how_sure, Severity full,
              Bindings bindings) {
  if (full > Severity::warning && another_address_works(about, seen)) full = Severity::warning;
  std::vector<int> proof;
  for (const Observation* one : seen) proof.push_back(one->n);
  Bindings all = bindings_for(about, seen);
  for (auto& binding : bindings) all.push_back(std::move(binding));
  return Verdict::yes(how_sure, full, std::move(proof), std::move(all));
}

Verdict found(const Case& about, const Seen& seen, Confidence how_sure, Severity full,
              Verification what, Bindings bindings) {
  return found(about, seen, how_sure, demanded(about, what) ? full : Severity::info,
               std::move(bindings));
}

int alert_of(const Observation& seen) {
  if (const auto* number = seen.facts.get(key::tls_alert)) return static_cast<int>(*number);
  constexpr std::string_view kWord = "alert ";
  if (seen.failure != Failure::tls_alert || !seen.raw.starts_with(kWord)) return 0;
  int number = 0;
  std::from_chars(seen.raw.data() + kWord.size(), seen.raw.data() + seen.raw.size(), number);
  return number;
}

std::string trust_in_words(std::string_view trust) {
  if (trust == kSystem) return "the system's certificate store";
  if (trust == kIsrgRootX1) return "the shipped ISRG Root X1";
  if (trust == kIsrgRoots) return "the shipped ISRG Root X1 and X2";
  return "the CA file " + std::string(trust);
}

std::vector<Facts> judged_rows(const Observation& seen) {
  return seen.facts.get_or(key::tls_path, seen.facts.get_or(key::tls_chain, {}));
}

std::string end_of_sentence(bool trusted_root) {
  return trusted_root ? ". It is the trusted root itself: the client needs a newer CA file." : ".";
}

bool is_system(const Observation& seen) {
  return seen.facts.get_or(key::tls_trust, std::string(kSystem)) == kSystem;
}

bool trusts_a_file(const Observation& seen) {
  return is_file(seen.facts.get_or(key::tls_trust, std::string(kSystem)));
}

std::string attribute(std::string_view distinguished_name, std::string_view type) {
  const std::string wanted = std::string(type) + "=";
  for (std::size_t at = distinguished_name.find(wanted); at != std::string_view::npos;
       at = distinguished_name.find(wanted, at + 1)) {
    if (at != 0 && distinguished_name[at - 1] != ',') continue;
    std::size_t end = at + wanted.size();
    while (end < distinguished_name.size() && distinguished_name[end] != ',')
      end += distinguished_name[end] == '\\' ? 2 : 1;
    return std::string(distinguished_name.substr(at + wanted.size(), end - at - wanted.size()));
  }
  return {};
}

Bindings bindings_for(const Case& about, const Seen& seen) {
  Bindings bindings{{"name", about.name_to_check()},
                    {"tls_mode", std::string(to_string(about.policy.tls))},
                    {"addresses_shown", shown_at(about, seen)}};
  if (seen.empty()) return bindings;
  const Observation& first = *seen.front();
  const auto subject = first.facts.get_or(key::tls_subject, std::string());
  bindings.emplace_back("subject", subject.empty() ? "a certificate without a subject" : subject);
  bindings.emplace_back("issuer",
                        first.facts.get_or(key::tls_issuer, std::string("an unnamed issuer")));
  const std::string trust = first.facts.get_or(key::tls_trust, std::string(kSystem));
  bindings.emplace_back("trust", trust_in_words(trust));
  bindings.emplace_back("trust_option", trust);
  if (is_file(trust)) bindings.emplace_back("ca_file", trust);
  return bindings;
}

}  // namespace plumb::tls
