// What the leaf itself says: for which names, from when, until when. Each is a verdict of its own,
// so an expired certificate with the wrong name is two findings. Dates are judged at Case::started.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/tls/causes.hpp"
#include "checks/tls/dates.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/address.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"

namespace plumb::tls {
namespace {

constexpr std::size_t kNamesShown = 5;

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
  if (!about.profile->certificate_name.empty() && !demanded(about, Verification::name))
    return Verdict::no("another name is normal for this deployment, and nobody asked for this one");
  return name_found(about, false, "the certificates seen are for the name that was checked");
}
Verdict match_ip_literal(const Case& about) {
  return name_found(about, true, "no certificate was checked for a bare address that it lacks");
}

// The certificate of the chain whose date is the trouble; the leaf first.
struct Dated {
  std::string subject;
  WallTime date;
  bool trusted_root;
};
// Above the leaf one name may have several certificates: the signer says which.
std::string called(const Facts& row, bool upper) {
  const auto subject = row.get_or(key::cert_subject, std::string());
  const auto issuer = row.get_or(key::cert_issuer, std::string());
  if (subject.empty()) return "a certificate without a subject";
  return upper && issuer != subject ? subject + " (signed by " + issuer + ")" : subject;
}
std::vector<Dated> out_of_date(const Observation& seen, const key::Text& key,
                               bool (*bad)(WallTime, WallTime), WallTime now) {
  std::vector<Dated> found_rows;
  const auto rows = judged_rows(seen);
  const bool to_the_root = seen.facts.has(key::tls_path) && !is_bad(seen, Verification::chain);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (const auto date = time_of(rows[i], key); date && bad(*date, now))
      found_rows.push_back({called(rows[i], i > 0), *date, to_the_root && i + 1 == rows.size()});
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

bool is_early(const Case& about, const Observation& seen) {
  return is_bad(seen, Verification::dates) && !early_rows(seen, about.started).empty();
}

// Dates are bad and it is not that some certificate is too new: so one has expired, be it a root of
// ours.
bool is_expired(const Case& about, const Observation& seen) {
  if (!is_bad(seen, Verification::dates)) return false;
  return !expired_rows(seen, about.started).empty() || !is_early(about, seen);
}

// A minute is more than the metadata service's answer takes and less than any date here is off by.
constexpr double kClockIsOff = 60;

struct Clock {
  std::optional<double> offset_s;  // this host's minus the metadata service's
  int known_by = 0;
  bool is_right() const { return offset_s && std::abs(*offset_s) <= kClockIsOff; }
  bool is_off() const { return offset_s && std::abs(*offset_s) > kClockIsOff; }
  WallTime corrected(WallTime here) const {
    using Seconds = std::chrono::duration<double>;
    return here - std::chrono::duration_cast<WallTime::duration>(Seconds(offset_s.value_or(0)));
  }
};

Clock clock_of(const Case& about) {
  Clock clock;
  if (const double* offset = where_am_i(about, key::local_clock_offset_s, &clock.known_by))
    clock.offset_s = *offset;
  return clock;
}

std::string words_for(const Clock& clock) {
  if (!clock.offset_s) return "no second clock was at hand to compare with";
  if (clock.is_right()) return "the metadata service's clock says the same";
  const std::chrono::duration<double> off(std::abs(*clock.offset_s));
  return "this host's clock is " + length_of(std::chrono::duration_cast<WallTime::duration>(off)) +
         (*clock.offset_s > 0 ? " ahead of" : " behind") + " the metadata service's";
}

Verdict match_expired(const Case& about) {
  const Seen seen =
      handshakes(about, [&](const Observation& one) { return is_expired(about, one); });
  if (seen.empty()) return Verdict::no("no certificate seen has expired");
  const auto rows = expired_rows(*seen.front(), about.started);
  const Clock clock = clock_of(about);
  if (clock.is_off() && !rows.empty() &&
      expired_rows(*seen.front(), clock.corrected(about.started)).empty())
    return Verdict::no("by the metadata service's clock every certificate is still valid");
  // A clock that is fast looks the same, by however much: only a second one tells.
  const bool sure = clock.offset_s && !rows.empty();
  Verdict verdict = found(
      about, seen, sure ? Confidence::certain : Confidence::likely, Severity::critical,
      Verification::dates,
      {{"expired_subject", rows.empty() ? "a root of the trust store" : rows.front().subject},
       {"expired_at", rows.empty() ? "an earlier date" : rfc3339(rows.front().date)},
       {"ago", rows.empty() ? "some time ago" : days(about.started - rows.front().date) + " ago"},
       {"now", rfc3339(about.started)},
       {"clock", words_for(clock)}});
  const bool own_root = !rows.empty() && rows.front().trusted_root;
  if (own_root) verdict.owner = Owner::client;
  verdict.bindings.emplace_back("end", end_of_sentence(own_root));
  if (clock.offset_s) verdict.evidence.push_back(clock.known_by);
  return verdict;
}

// With a second clock: bad dates that are good by it.
Verdict match_clock_off(const Case& about, const Clock& clock) {
  const WallTime there = clock.corrected(about.started);
  const Seen seen = handshakes(about, [&](const Observation& one) {
    const bool bad = is_early(about, one) || is_expired(about, one);
    return bad && early_rows(one, there).empty() && expired_rows(one, there).empty();
  });
  if (seen.empty()) return Verdict::no("the dates are bad by the metadata service's clock too");
  auto rows = early_rows(*seen.front(), about.started);
  const bool early = !rows.empty();
  if (!early) rows = expired_rows(*seen.front(), about.started);
  Verdict verdict =
      found(about, seen, Confidence::certain, Severity::error, Verification::dates,
            {{"early_subject", rows.empty() ? "a root of the trust store" : rows.front().subject},
             {"begins_at", rows.empty() ? "another date" : rfc3339(rows.front().date)},
             {"edge", early ? "begins" : "ended"},
             {"now", rfc3339(about.started)},
             {"clock", words_for(clock)}});
  verdict.evidence.push_back(clock.known_by);
  return verdict;
}

Verdict match_clock_skew(const Case& about) {
  const Clock clock = clock_of(about);
  if (clock.is_off()) return match_clock_off(about, clock);
  const Seen seen = handshakes(about, [&](const Observation& one) { return is_early(about, one); });
  if (seen.empty()) return Verdict::no("every certificate seen has begun to be valid");
  const auto rows = early_rows(*seen.front(), about.started);
  // Several that begin in the future: they were not all issued ahead of time, so the clock is slow.
  const bool several = rows.size() > 1 && !clock.is_right();
  Verdict verdict = found(about, seen, several ? Confidence::likely : Confidence::possible,
                          Severity::error, Verification::dates,
                          {{"early_subject", rows.front().subject},
                           {"begins_at", rfc3339(rows.front().date)},
                           {"edge", "begins"},
                           {"now", rfc3339(about.started)},
                           {"clock", words_for(clock)}});
  if (clock.is_right())
    verdict.decide_by =
        "Both clocks agree, so the certificate was issued ahead of time: its notBefore against "
        "the moment it was put in place.";
  return verdict;
}

constexpr std::array kUseItsName{
    RemedyTemplate{"Connect by a name of the certificate ({names}); with a private endpoint, turn "
                   "private DNS on so that the console's name leads to it. If none of them is the "
                   "database's, another server answers.",
                   ""},
    RemedyTemplate{
        "Connecting by an alias on purpose: say which name to expect (HeatWave: the endpoint's "
        "host name as "
        "identity name).",
        "plumb check --tls verify-full --ca {trust_option} --server-name {name_in_certificate} "
        "{host}:{port}"},
    RemedyTemplate{"On a private path verify-ca will do: the chain is checked, the name is not (a "
                   "public authority signs for anybody). DMS: verify-ca.",
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
    RemedyTemplate{"An intermediate or a cross-signature: take the authority's current one into "
                   "the file that ssl_cert names (Let's Encrypt: fullchain.pem). A root: into the "
                   "client's CA file.",
                   ""},
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
          .match = match_hostname,
          .needs = sign::odd_tls},
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
          .match = match_ip_literal,
          .needs = sign::odd_tls},
    Cause{.id = "tls-certificate-expired",
          .layer = Layer::tls,
          .severity = Severity::critical,
          .owner = Owner::pki,
          .title = "A certificate of the chain has expired",
          .shows_as = "notAfter of a certificate of the chain lies before the time of the run "
                      "(X509_V_ERR 10)",
          .summary = "The certificate of {addresses_shown} for {expired_subject} expired {ago} "
                     "({expired_at}; "
                     "it is {now} here; {clock}){end}",
          .remedy = kRenew,
          .look_alikes = "A clock of this host that runs ahead; an expired cross-signed "
                         "certificate above a good leaf.",
          .decide_by =
              "Compare date -u here with another clock: right, then the certificate has expired.",
          .source = "RFC 5280 section 4.1.2.5; OpenSSL X509_V_ERR_CERT_HAS_EXPIRED",
          .match = match_expired,
          .needs = sign::odd_tls},
    Cause{.id = "tls-clock-skew",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The clock of this host is wrong, or a certificate begins in the future",
          .shows_as =
              "notBefore of a certificate of the chain lies after the time of the run (X509_V_ERR "
              "9), or its dates are good by the metadata service's clock and bad by this host's",
          .summary = "The certificate of {addresses_shown} for {early_subject} {edge} at "
                     "{begins_at}, but here it is {now}; {clock}.",
          .remedy = kSetClock,
          .look_alikes =
              "A certificate issued ahead of time: then every client fails, whatever its clock.",
          .decide_by = "Compare date -u here with another clock (AWS: 169.254.169.123 by NTP).",
          .source = "OpenSSL X509_V_ERR_CERT_NOT_YET_VALID",
          .match = match_clock_skew,
          .needs = sign::odd_tls}};

}  // namespace

std::span<const Cause> certificate_causes() { return kRows; }

}  // namespace plumb::tls
