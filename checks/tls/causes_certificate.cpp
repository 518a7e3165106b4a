// What the leaf itself says: for which names, from when, until when. Each is a verdict of its own,
// so an expired certificate with the wrong name is two findings. Dates are judged at Case::started.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/tls/causes.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/address.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"

namespace plumb::tls {
namespace {

using std::chrono::hours;
using Span = WallTime::duration;
constexpr hours kDay{24};
constexpr std::size_t kNamesShown = 5;

std::optional<WallTime> time_of(const Facts& facts, const key::Text& key) {
  const auto* text = facts.get(key);
  return text ? parse_rfc3339(*text) : std::nullopt;
}

std::string names_of(const Observation& seen) {
  const auto sans = seen.facts.get_or(key::tls_san, {});
  std::string text;
  for (std::size_t i = 0; i < std::min(sans.size(), kNamesShown); ++i)
    text += (i == 0 ? "" : ", ") + sans[i].substr(sans[i].find(':') + 1);
  if (sans.size() > kNamesShown)
    text += " and " + std::to_string(sans.size() - kNamesShown) + " more";
  return text.empty() ? "no name at all" : text;
}

std::string first_name(const Observation& seen) {
  const auto sans = seen.facts.get_or(key::tls_san, {});
  return sans.empty() ? std::string() : sans.front().substr(sans.front().find(':') + 1);
}

bool checked_an_address(const Observation& seen) {
  return Address::parse(seen.facts.get_or(key::tls_name_checked, std::string())).has_value();
}

Verdict name_found(const Case& about, bool of_an_address, std::string_view miss) {
  const Seen seen = handshakes(about, [&](const Observation& one) {
    return is_bad(one, Verification::name) && checked_an_address(one) == of_an_address;
  });
  if (seen.empty()) return Verdict::no(miss);
  // Where nobody trusted vouches for the certificate, the name in it may be an interceptor's.
  const bool trusted = !is_bad(*seen.front(), Verification::chain);
  return found(
      about, seen, trusted || of_an_address ? Confidence::certain : Confidence::likely,
      Severity::error, Verification::name,
      {{"names", names_of(*seen.front())}, {"name_in_certificate", first_name(*seen.front())}});
}

Verdict match_hostname(const Case& about) {
  return name_found(about, false, "the certificates seen are for the name that was checked");
}
Verdict match_ip_literal(const Case& about) {
  return name_found(about, true, "no certificate was checked for a bare address that it lacks");
}

// The certificate of the chain sent whose date is the trouble; the leaf first.
struct Dated {
  std::string subject;
  WallTime date;
};
std::vector<Dated> out_of_date(const Observation& seen, const key::Text& key,
                               bool (*bad)(WallTime, WallTime), WallTime now) {
  std::vector<Dated> found_rows;
  for (const Facts& row : seen.facts.get_or(key::tls_chain, {}))
    if (const auto date = time_of(row, key); date && bad(*date, now))
      found_rows.push_back(
          {row.get_or(key::cert_subject, std::string("an unnamed certificate")), *date});
  return found_rows;
}
std::vector<Dated> expired_rows(const Observation& seen, WallTime now) {
  return out_of_date(
      seen, key::cert_not_after, [](WallTime date, WallTime at) { return date < at; }, now);
}
std::vector<Dated> early_rows(const Observation& seen, WallTime now) {
  return out_of_date(
      seen, key::cert_not_before, [](WallTime date, WallTime at) { return date > at; }, now);
}

std::string days(Span span) {
  const auto count = std::chrono::duration_cast<hours>(span) / kDay;
  return count == 0 ? "less than a day" : std::to_string(count) + (count == 1 ? " day" : " days");
}

bool is_early(const Case& about, const Observation& seen) {
  return is_bad(seen, Verification::dates) && !early_rows(seen, about.started).empty();
}

// Dates are bad and it is not that some certificate is too new: so one has expired, be it a root of
// ours.
bool is_expired(const Case& about, const Observation& seen) {
  if (!is_bad(seen, Verification::dates)) return false;
  return !expired_rows(seen, about.started).empty() || !is_early(about, seen);
}

Verdict match_expired(const Case& about) {
  const Seen seen =
      handshakes(about, [&](const Observation& one) { return is_expired(about, one); });
  if (seen.empty()) return Verdict::no("no certificate seen has expired");
  const bool early_too =
      std::ranges::any_of(experiment::first_pass(about.evidence),
                          [&](const Observation& one) { return is_early(about, one); });
  const auto rows = expired_rows(*seen.front(), about.started);
  // A clock some minutes fast, or one that other certificates speak against, would look the same.
  const bool sure = !early_too && !rows.empty() && about.started - rows.front().date > kDay;
  return found(
      about, seen, sure ? Confidence::certain : Confidence::likely, Severity::critical,
      Verification::dates,
      {{"expired_subject", rows.empty() ? "a root of the trust store" : rows.front().subject},
       {"expired_at", rows.empty() ? "an earlier date" : rfc3339(rows.front().date)},
       {"ago", rows.empty() ? "some time ago" : days(about.started - rows.front().date) + " ago"},
       {"now", rfc3339(about.started)}});
}

Verdict match_clock_skew(const Case& about) {
  const Seen seen = handshakes(about, [&](const Observation& one) { return is_early(about, one); });
  if (seen.empty()) return Verdict::no("every certificate seen has begun to be valid");
  const auto rows = early_rows(*seen.front(), about.started);
  // Several that begin in the future: they were not all issued ahead of time, so the clock is slow.
  return found(about, seen, rows.size() > 1 ? Confidence::likely : Confidence::possible,
               Severity::error, Verification::dates,
               {{"early_subject", rows.front().subject},
                {"begins_at", rfc3339(rows.front().date)},
                {"now", rfc3339(about.started)}});
}

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
  constexpr std::chrono::seconds kLongest{hours(24 * 365 * 100)};
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

constexpr std::array kUseItsName{
    RemedyTemplate{"Connect by a name of the certificate ({names}); with a private endpoint, turn "
                   "private DNS on so that the "
                   "console's name leads to it.",
                   ""},
    RemedyTemplate{
        "Connecting by an alias on purpose: say which name to expect (HeatWave: the endpoint's "
        "host name as "
        "identity name).",
        "plumb check --tls verify-full --ca {trust_option} --server-name {name_in_certificate} "
        "{host}:{port}"},
    RemedyTemplate{"On a private path verify-ca will do: the chain is checked, the name is not. "
                   "DMS: verify-ca.",
                   "plumb check --tls verify-ca --ca {trust_option} {host}:{port}"}};

constexpr std::array kUseDnsName{
    RemedyTemplate{
        "Connect by the DNS name: certificates are for names, and gateways route by them.", ""},
    RemedyTemplate{
        "Where only the address can be used, say which name to expect.",
        "plumb check --tls verify-full --ca {trust_option} --server-name {name_in_certificate} "
        "{host}:{port}"}};

constexpr std::array kRenew{
    RemedyTemplate{"Rule out your own clock first.", "date -u"},
    RemedyTemplate{
        "Renew the certificate on the server and load it without a restart (MariaDB: FLUSH SSL).",
        "mysql -e 'ALTER INSTANCE RELOAD TLS'"},
    RemedyTemplate{
        "A managed service renews by itself: open a ticket with the fingerprint from the evidence.",
        ""}};

constexpr std::array kSetClock{
    RemedyTemplate{"Compare this host's clock with another source.", "date -u; chronyc tracking"},
    RemedyTemplate{"Set it (AWS: server 169.254.169.123 prefer iburst in chrony.conf).",
                   "sudo chronyc makestep"},
    RemedyTemplate{
        "If the clock is right, the certificate was issued ahead of time: ask the server's owner.",
        ""}};

constexpr std::array kRenewInTime{
    RemedyTemplate{
        "Renew it before {ends_at}, then load it without a restart (MariaDB: FLUSH SSL).",
        "mysql -e 'ALTER INSTANCE RELOAD TLS'"},
    RemedyTemplate{"If renewal is automatic, see why it has not happened yet.",
                   "systemctl list-timers"}};

constexpr std::array kRows{
    Cause{.id = "tls-hostname-mismatch",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The certificate is for another name",
          .shows_as = "X509_check_host fails (X509_V_ERR 62), usually with a trusted chain",
          .summary = "The certificate of {addresses_shown} is for {names}, not for {name}.",
          .remedy = kUseItsName,
          .look_alikes = "Interception, or the wrong server: then the issuer is unknown too.",
          .decide_by = "Check again with --server-name set to a name of the certificate and the "
                       "right --ca: if both hold, "
                       "{name} is only an alias.",
          .source = "RFC 6125; OpenSSL X509_V_ERR_HOSTNAME_MISMATCH; HeatWave: host name identity "
                    "verification",
          .match = match_hostname},
    Cause{.id = "tls-ip-literal-host",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "A bare address was verified against a certificate of names",
          .shows_as = "the name checked is an address and X509_check_ip fails (X509_V_ERR 64)",
          .summary = "{name} is an address; the certificate of {addresses_shown} is for {names}.",
          .remedy = kUseDnsName,
          .look_alikes = "None: the address is in the certificate or it is not.",
          .decide_by = "",
          .source =
              "OpenSSL X509_V_ERR_IP_ADDRESS_MISMATCH; RFC 6066 section 3 (no SNI for addresses)",
          .match = match_ip_literal},
    Cause{.id = "tls-certificate-expired",
          .layer = Layer::tls,
          .severity = Severity::critical,
          .owner = Owner::pki,
          .title = "A certificate of the chain has expired",
          .shows_as = "notAfter of a certificate of the chain lies before the time of the run "
                      "(X509_V_ERR 10)",
          .summary = "The certificate of {addresses_shown} for {expired_subject} expired {ago} "
                     "({expired_at}; "
                     "it is {now} here).",
          .remedy = kRenew,
          .look_alikes = "A clock of this host that runs ahead; an expired cross-signed "
                         "certificate above a good leaf.",
          .decide_by =
              "Compare date -u here with another clock: right, then the certificate has expired.",
          .source = "RFC 5280 section 4.1.2.5; OpenSSL X509_V_ERR_CERT_HAS_EXPIRED",
          .match = match_expired},
    Cause{
        .id = "tls-clock-skew",
        .layer = Layer::tls,
        .severity = Severity::error,
        .owner = Owner::client,
        .title = "The clock of this host is behind, or a certificate begins in the future",
        .shows_as =
            "notBefore of a certificate of the chain lies after the time of the run (X509_V_ERR 9)",
        .summary = "The certificate of {addresses_shown} for {early_subject} begins at "
                   "{begins_at}, but here it is {now}.",
        .remedy = kSetClock,
        .look_alikes =
            "A certificate issued ahead of time: then every client fails, whatever its clock.",
        .decide_by = "Compare date -u here with another clock (AWS: 169.254.169.123 by NTP).",
        .source = "OpenSSL X509_V_ERR_CERT_NOT_YET_VALID",
        .match = match_clock_skew},
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
        .match = match_expires_soon}};

}  // namespace

std::span<const Cause> certificate_causes() { return kRows; }

}  // namespace plumb::tls
