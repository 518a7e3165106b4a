// What will end soon: the leaf, and what stands above it in the chain. Dates are judged at
// Case::started.
#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "checks/tls/causes.hpp"
#include "checks/tls/dates.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"

namespace plumb::tls {
namespace {

using Span = WallTime::duration;

struct Remaining {
  Span left, lifetime;
};
std::optional<Remaining> remaining(const Case& about, const Observation& seen) {
  const auto begin = time_of(seen.facts, key::tls_not_before);
  const auto end = time_of(seen.facts, key::tls_not_after);
  if (!begin || !end || *end < about.started || *begin > about.started) return std::nullopt;
  // From the epoch of the clock to its end does not fit the clock's own span.
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(end->time_since_epoch()) -
                        std::chrono::duration_cast<std::chrono::seconds>(begin->time_since_epoch());
  constexpr std::chrono::seconds kLongest{std::chrono::hours(24 * 365 * 100)};
  return Remaining{*end - about.started, std::min(lifetime, kLongest)};
}

// 21 days and 3 days suit a certificate of 90 days; one of six days would always warn.
bool alarming(const Remaining& time) {
  return time.left < std::min<Span>(3 * kDay, time.lifetime / 10);
}
bool worrying(const Case& about, const Remaining& time) {
  const auto& own = about.policy.cert_warn_days;
  const Span limit = own ? Span(kDay * *own) : std::min<Span>(21 * kDay, time.lifetime / 3);
  return time.left < limit || alarming(time);
}

Verdict match_expires_soon(const Case& about) {
  const Seen seen = handshakes(about, [&](const Observation& one) {
    const auto time = remaining(about, one);
    return time && worrying(about, *time);
  });
  if (seen.empty()) return Verdict::no("the certificates seen are valid for long enough");
  const auto soonest = *std::ranges::min_element(
      seen, {}, [&](const Observation* one) { return remaining(about, *one)->left; });
  const auto time = *remaining(about, *soonest);
  Verdict verdict = found(about, seen, Confidence::certain, Severity::info,
                          {{"ends_at", soonest->facts.get_or(key::tls_not_after, std::string())},
                           {"in_days", days(time.left)}});
  // Who gave --cert-warn wants to know, also where the policy does not look at dates.
  if (demanded(about, Verification::dates) || about.policy.cert_warn_days)
    verdict.severity = alarming(time) ? Severity::error : Severity::warning;
  std::erase(verdict.evidence, soonest->n);
  verdict.evidence.insert(verdict.evidence.begin(), soonest->n);
  return verdict;
}

// When no path above the leaf is left: the end of one certificate means nothing while another that
// was sent, or a root of the trust, takes over.
bool path_ends_soon(const Case& about, const Observation& seen) {
  const auto end = time_of(seen.facts, key::tls_path_ends);
  const int limit = about.policy.cert_warn_days.value_or(21);
  return end && *end >= about.started && *end - about.started < kDay * limit;
}

Verdict match_chain_expires_soon(const Case& about) {
  const Seen seen =
      handshakes(about, [&](const Observation& one) { return path_ends_soon(about, one); });
  if (seen.empty()) return Verdict::no("what stands above the leaf is valid for long enough");
  const Facts& first = seen.front()->facts;
  const WallTime end = *time_of(first, key::tls_path_ends);
  const auto subject = first.get_or(key::tls_path_ends_with, std::string());
  const auto rows = first.get_or(key::tls_path, {});
  const bool own_root =
      !rows.empty() && rows.back().get_or(key::cert_subject, std::string()) == subject;
  Verdict verdict = found(about, seen, Confidence::certain, Severity::info,
                          {{"upper_subject", subject},
                           {"ends_at", rfc3339(end)},
                           {"in_days", days(end - about.started)},
                           {"end", end_of_sentence(own_root)}});
  if (own_root) verdict.owner = Owner::client;
  if (demanded(about, Verification::dates) || about.policy.cert_warn_days)
    verdict.severity = Severity::warning;
  return verdict;
}

constexpr std::array kRenewInTime{
    RemedyTemplate{
        "Renew it before {ends_at}, then load it without a restart (MariaDB: FLUSH SSL).",
        "mysql -e 'ALTER INSTANCE RELOAD TLS'"},
    RemedyTemplate{"If renewal is automatic, see why it has not happened yet.",
                   "systemctl list-timers"}};

constexpr std::array kRenewAbove{
    RemedyTemplate{"Ask the authority for its current intermediate (or cross-signature), put it "
                   "behind the leaf in the file that ssl_cert names, and reload (MariaDB: FLUSH "
                   "SSL).",
                   "cat leaf.pem intermediate.pem > server-chain.pem && mysql -e 'ALTER INSTANCE "
                   "RELOAD TLS'"},
    RemedyTemplate{"A root: take its successor into the client's CA file in time.", ""},
    RemedyTemplate{"A managed service renews by itself: open a ticket if it has not a week before "
                   "{ends_at}.",
                   ""}};

constexpr std::array kRows{
    Cause{
        .id = "tls-certificate-expires-soon",
        .layer = Layer::tls,
        .severity = Severity::warning,
        .owner = Owner::pki,
        .title = "The server's certificate expires soon",
        .shows_as =
            "less than min(21 days, a third of its lifetime) left, or less than --cert-warn",
        .summary = "The certificate of {addresses_shown} ({subject}) expires in {in_days}, at "
                   "{ends_at}.",
        .remedy = kRenewInTime,
        .look_alikes = "None: the date stands in the certificate. A client that does not verify "
                       "will not notice.",
        .decide_by = "",
        .source =
            "Let's Encrypt: renew at a third of the lifetime; 90-day, 45-day and 160-hour profiles",
        .match = match_expires_soon,
        .needs = sign::seen(Phase::tls)},
    Cause{.id = "tls-chain-expires-soon",
          .layer = Layer::tls,
          .severity = Severity::warning,
          .owner = Owner::pki,
          .title = "A certificate above the server's expires soon",
          .shows_as = "an intermediate, cross-signature or root on the way to trust ends within 21 "
                      "days, or --cert-warn, and no other path takes over; the leaf may last "
                      "longer",
          .summary = "The chain of {addresses_shown} leads through {upper_subject}, which expires "
                     "in {in_days}, at {ends_at}; no other path is left then{end}",
          .remedy = kRenewAbove,
          .look_alikes = "A certificate that the server sends and this client does not need: it "
                         "may expire without harm here, but a client with fewer roots may need it.",
          .decide_by = "",
          .source = "letsencrypt.org/certificates: cross-signatures end before the roots they "
                    "vouch for",
          .match = match_chain_expires_soon,
          .needs = sign::seen(Phase::tls)}};

}  // namespace

std::span<const Cause> expiry_causes() { return kRows; }

}  // namespace plumb::tls
