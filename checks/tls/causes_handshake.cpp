// Where the handshake itself ends: not offered, refused by an alert, cut off, or answered by
// something that is no TLS. A client fails here in every mode but DISABLED, so severity does not
// hang on verification.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "checks/mysql/facts.hpp"
#include "checks/tls/causes.hpp"
#include "checks/tls/evidence.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

// RFC 8446 section 6; 42 … 48 are what a server says of a certificate, here of ours.
constexpr int kHandshakeFailure = 40, kProtocolVersion = 70, kInsufficientSecurity = 71,
              kCertificateRequired = 116;
constexpr std::array kAboutClientCertificate{40, 42, 43, 44, 45, 46, 48, 116};

// Services that offer TLS whatever their owner sets. A greeting without it is another server's, or
// something on the way took the offer out.
bool always_offers_tls(const Profile& profile) {
  return profile.roots != Roots::system && profile.roots != Roots::apsaradb;
}

Verdict match_without_ssl(const Case& about) {
  const Seen seen = handshakes(
      about, [](const Observation& one) { return one.failure == Failure::tls_not_offered; });
  if (seen.empty())
    return Verdict::no("every server that greeted offers TLS, or it was not asked for");
  const bool needed = about.policy.tls >= TlsMode::required;
  const Confidence sure =
      always_offers_tls(*about.profile) ? Confidence::likely : Confidence::certain;
  return found(about, seen, sure, needed ? Severity::error : Severity::info, {});
}

bool says_version(const Observation& seen) {
  return alert_of(seen) == kProtocolVersion ||
         seen.raw.find("unsupported protocol") != std::string::npos ||
         seen.raw.find("version too low") != std::string::npos;
}

Verdict match_protocol_version(const Case& about) {
  const Seen sure = handshakes(about, says_version);
  if (!sure.empty()) return found(about, sure, Confidence::certain, Severity::error, {});
  // An error packet in place of TLS is no other version: the server has said what it is.
  const Seen garbled = handshakes(about, [](const Observation& one) {
    return one.failure == Failure::tls_protocol && !one.facts.has(mysql::key::error_code);
  });
  if (garbled.empty()) return Verdict::no("no handshake ended over the protocol version");
  Verdict verdict = found(about, garbled, Confidence::possible, Severity::error, {});
  verdict.decide_by =
      "What answered does not read as TLS 1.2 or 1.3: see its bytes in the evidence. If SHOW "
      "VARIABLES LIKE 'tls_version' on the server lists TLSv1.2 or later, something else "
      "answered.";
  return verdict;
}

bool asked_for_one(const Observation& seen) {
  return seen.facts.get_or(key::tls_client_cert_requested, false);
}

bool is_about_client_certificate(const Observation& seen) {
  return std::ranges::find(kAboutClientCertificate, alert_of(seen)) !=
         kAboutClientCertificate.end();
}

bool refused_client_certificate(const Observation& seen) {
  return alert_of(seen) == kCertificateRequired ||
         (asked_for_one(seen) && is_about_client_certificate(seen));
}

bool asked_at(const Case& about, const std::string& endpoint) {
  return !handshakes(about, [&](const Observation& tls) {
            return tls.endpoint == endpoint && asked_for_one(tls);
          }).empty();
}

// 1045 over a channel whose handshake asked for a certificate: an account with REQUIRE X509 is
// refused so, in the words of a wrong password. MySQL asks by habit, so this is a runner-up.
Verdict match_required_by_account(const Case& about) {
  constexpr std::int64_t kAccessDenied = 1045;
  Seen refused;
  for (const Observation& one : experiment::first_pass(about.evidence)) {
    if (one.phase != Phase::login || one.failure != Failure::mysql_error) continue;
    const bool denied = one.facts.get_or(mysql::key::error_code, std::int64_t{0}) == kAccessDenied;
    if (!denied || !one.facts.get_or(mysql::key::login_account, false)) continue;
    if (asked_at(about, one.endpoint) && one.facts.get_or(mysql::key::login_secure, false))
      refused.push_back(&one);
  }
  if (refused.empty()) return Verdict::no("no server refused us for the client certificate");
  Verdict verdict = found(about, refused, Confidence::possible, Severity::error,
                          {{"how",
                            "asked for a client certificate and then refused the account, "
                            "which may require one"}});
  verdict.rank = 120;
  verdict.decide_by = "SHOW CREATE USER on the server: REQUIRE X509, SUBJECT or ISSUER.";
  return verdict;
}

// In TLS 1.3 the server refuses only after our handshake is done: the alert then arrives in the
// login, while the request stands in the handshake's observation.
Verdict match_client_certificate(const Case& about) {
  Seen seen;
  for (const Observation& one : experiment::first_pass(about.evidence)) {
    const bool late = one.phase == Phase::login && is_about_client_certificate(one) &&
                      asked_at(about, one.endpoint);
    const bool at_once =
        (one.phase == Phase::tls || one.phase == Phase::login) && refused_client_certificate(one);
    if (late || at_once) seen.push_back(&one);
  }
  if (seen.empty()) return match_required_by_account(about);
  const bool sure = alert_of(*seen.front()) == kCertificateRequired;
  return found(about, seen, sure ? Confidence::certain : Confidence::likely, Severity::error,
               {{"how", "asks for a client certificate and does not accept what it got"}});
}

// Before the server chose a cipher; and not over a client certificate, which fails with 40 too.
bool shares_nothing(const Observation& seen) {
  const int alert = alert_of(seen);
  return (alert == kHandshakeFailure || alert == kInsufficientSecurity) &&
         !seen.facts.has(key::tls_cipher) && !refused_client_certificate(seen);
}

Verdict match_no_shared_cipher(const Case& about) {
  const Seen seen = handshakes(about, shares_nothing);
  if (seen.empty()) return Verdict::no("no server refused every cipher offered");
  return found(about, seen, Confidence::likely, Severity::error, {});
}

bool broke_off(const Observation& seen) {
  return seen.failure == Failure::tls_eof || seen.failure == Failure::eof ||
         seen.failure == Failure::reset || seen.failure == Failure::timed_out;
}

// With other segments, or without TLS, at the same address: what breaks is TLS itself only if the
// login without it is answered.
Verdict match_eof(const Case& about) {
  const Seen seen = handshakes(about, broke_off);
  if (seen.empty()) return Verdict::no("no TLS handshake was cut off");
  const Observation& first = *seen.front();
  const Tries small = tries_of(about, experiment::kSmallSegments, first.endpoint);
  const Tries plain = tries_of(about, experiment::kWithoutTls, first.endpoint);
  if (small.replied > 0) return Verdict::no("with small segments the same handshake completes");
  if (plain.named_header > 0) return Verdict::no("without TLS the server names a PROXY header");
  const bool silent = first.failure == Failure::timed_out;
  const bool alike = plain.broke > 0 || plain.silent > 0;
  const bool sure = !silent && !alike;
  Verdict verdict =
      found(about, seen, sure ? Confidence::likely : Confidence::possible, Severity::error,
            {{"ended", silent ? "fell silent" : "was closed without an alert"},
             {"without", plain.replied > 0  ? "Without TLS the same server answers the login."
                         : plain.broke > 0  ? "Without TLS it breaks as well."
                         : plain.silent > 0 ? "Without TLS it gives no answer either."
                                            : "Whether it does so without TLS was "
                                              "not tried."}});
  verdict.rank = alike ? 110 : plain.replied > 0 ? 90 : 100;
  verdict.evidence.insert(verdict.evidence.end(), plain.proof.begin(), plain.proof.end());
  return verdict;
}

constexpr std::array kEnableTls{
    RemedyTemplate{
        "MySQL, MariaDB: give it a certificate and restart.",
        "mysql -e \"SHOW VARIABLES LIKE '%ssl%'\"  # then ssl_cert and ssl_key in [mysqld]"},
    RemedyTemplate{"TiDB: set auto-tls = true, or ssl-cert and ssl-key, under [security].", ""},
    RemedyTemplate{"A managed service always offers TLS: see that this is the server you mean, and "
                   "that no proxy "
                   "stands in between.",
                   ""},
    RemedyTemplate{"On a private path it may do to go without.",
                   "plumb check --tls preferred {host}:{port}"}};

constexpr std::array kUpgrade{
    RemedyTemplate{"Let the server speak TLS 1.2 and 1.3 (RDS: parameter tls_version).",
                   "mysql -e \"SHOW VARIABLES LIKE 'tls_version'\"  # then "
                   "tls_version=TLSv1.2,TLSv1.3 in [mysqld]"},
    RemedyTemplate{
        "A client that is too old itself: OpenSSL before 1.0.1, Java 7, an old DMS engine.", ""}};

constexpr std::array kWidenCiphers{
    RemedyTemplate{
        "Take custom cipher lists off the server (ssl_cipher, tls_ciphersuites; RDS: ssl_cipher).",
        "mysql -e \"SHOW VARIABLES LIKE '%cipher%'\""},
    RemedyTemplate{"The server's error log says what it could not agree on.", ""}};

constexpr std::array kGiveCertificate{
    RemedyTemplate{
        "Give the client its certificate and key.",
        "plumb check --tls-cert <client_cert.pem> --tls-key <client_key.pem> {host}:{port}"},
    RemedyTemplate{
        "Or let the server do without (TiDB Cloud never asks: then this is another server).",
        "mysql -e \"ALTER USER <user> REQUIRE SSL\""}};

constexpr std::array kFindBreaker{
    RemedyTemplate{"Broken off at once: a proxy that does not speak TLS, or a target that waits "
                   "for a PROXY protocol header. "
                   "See the target group.",
                   "aws elbv2 describe-target-group-attributes --target-group-arn "
                   "<target_group_arn> | grep proxy_protocol_v2"},
    RemedyTemplate{"Stops once large packets come: an MTU black hole. Try a smaller segment size "
                   "on this route.",
                   "sudo ip route change <route> advmss 1200"},
    RemedyTemplate{
        "Only with this name: a filter on the server name (SNI) on the way. Try the bare address, "
        "which sends no name.",
        "plumb check --tls required {endpoint}"},
    RemedyTemplate{"Else the server's error log says why.", ""}};

constexpr std::array<std::string_view, 1> kExplainedByDemand{"tls-no-shared-cipher"};

constexpr std::array kRows{
    Cause{
        .id = "tls-server-without-ssl",
        .layer = Layer::tls,
        .severity = Severity::error,
        .owner = Owner::dba,
        .title = "The server does not offer TLS",
        .shows_as = "capability CLIENT_SSL (0x800) is not set in the greeting",
        .summary = "The server at {addresses_shown} does not offer TLS; the policy is {tls_mode}.",
        .remedy = kEnableTls,
        .look_alikes = "A proxy that clears the bit, or another server than the one meant.",
        .decide_by = "Compare version and flavor of the greeting with the server meant; SHOW "
                     "VARIABLES LIKE 'have_ssl' there.",
        .source = "MySQL protocol: CLIENT_SSL; client error 2026; TiDB without certificates",
        .match = match_without_ssl,
        .needs = sign::odd_tls},
    Cause{
        .id = "tls-protocol-version",
        .layer = Layer::tls,
        .severity = Severity::error,
        .owner = Owner::dba,
        .title = "No common TLS version",
        .shows_as = "alert 70 protocol_version, or OpenSSL's 'unsupported protocol'; TLS 1.2 and "
                    "1.3 are offered",
        .summary = "The server at {addresses_shown} and this client share no TLS version (1.2 and "
                   "1.3 were "
                   "offered): {raw}.",
        .remedy = kUpgrade,
        .look_alikes =
            "Something that answers SSLRequest with other bytes than TLS ('wrong version number').",
        .decide_by = "SHOW VARIABLES LIKE 'tls_version' on the server: neither TLSv1.2 nor TLSv1.3 "
                     "is in it.",
        .source = "RFC 8446 section 6.2; OpenSSL SSL_R_UNSUPPORTED_PROTOCOL; reproduced with a TLS "
                  "1.1 server",
        .match = match_protocol_version,
        .needs = sign::odd_tls},
    Cause{
        .id = "tls-no-shared-cipher",
        .layer = Layer::tls,
        .severity = Severity::error,
        .owner = Owner::dba,
        .title = "No common cipher",
        .shows_as =
            "alert 40 handshake_failure or 71 insufficient_security before a cipher was chosen",
        .summary =
            "The server at {addresses_shown} refused every cipher that this client offers: {raw}.",
        .remedy = kWidenCiphers,
        .look_alikes = "No common curve or signature algorithm; a demand for a client "
                       "certificate (asked for first).",
        .decide_by = "The server's error log says 'no shared cipher'; SHOW VARIABLES LIKE "
                     "'%cipher%' there shows a list of its own.",
        .source = "RFC 5246 section 7.2.2, RFC 8446 section 6.2; reproduced",
        .match = match_no_shared_cipher,
        .needs = sign::odd_tls},
    Cause{.id = "tls-client-cert-required",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The server demands a client certificate",
          .shows_as = "CertificateRequest, then alert 116 or 42 … 48 (TLS 1.3, during the login) "
                      "or 40 … 48 (TLS 1.2); or error 1045 for an account with REQUIRE X509",
          .summary = "The server at {addresses_shown} {how}: {raw}.",
          .remedy = kGiveCertificate,
          .look_alikes = "No common cipher (alert 40 without a CertificateRequest). MySQL asks by "
                         "habit and accepts none: "
                         "only the alert counts.",
          .decide_by = "Try with --tls-cert and --tls-key of a certificate that the server's "
                       "ssl_ca has signed.",
          .source =
              "RFC 8446 sections 4.3.2 and 6.2; reproduced with TLS 1.2 and 1.3, and with TiDB "
              "8.5.3",
          .match = match_client_certificate,
          .supersedes = kExplainedByDemand,
          .needs = sign::seen(Phase::tls) | sign::seen(Phase::login)},
    Cause{.id = "tls-eof-during-handshake",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::network,
          .title = "The connection breaks inside the TLS handshake",
          .shows_as = "EOF, RST or silence after SSLRequest or ClientHello, without an alert",
          .summary =
              "The connection to {addresses_shown} {ended} in the middle of the TLS handshake. "
              "{without}",
          .remedy = kFindBreaker,
          .look_alikes = "An MTU black hole (depends on size), a filter on the server name, a "
                         "target behind PROXY protocol, "
                         "a server that crashes or runs out of patience.",
          .decide_by = "When it breaks: at once (proxy, PROXY protocol), at the certificate (MTU), "
                       "only with this server "
                       "name (filter). The server's error log tells the rest.",
          .source = "OpenSSL SSL_R_UNEXPECTED_EOF_WHILE_READING; TiProxy issue 346",
          .match = match_eof,
          .needs = sign::odd_tls}};

}  // namespace

std::span<const Cause> handshake_causes() { return kRows; }

}  // namespace plumb::tls
