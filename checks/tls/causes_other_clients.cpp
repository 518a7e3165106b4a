// Faults that other clients have with a certificate that is good: plumb's own handshake cannot show
// them. Where the certificate shows the precondition it is said, for information.
#include <array>
#include <string>

#include "checks/tls/causes.hpp"
#include "checks/tls/chain.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

// Which responder a certificate names is no fact of ours, and plumb asks none.
Verdict match_ocsp(const Case& about) {
  const Seen seen = handshakes(about, [](const Observation& one) {
    return by_lets_encrypt(one.facts.get_or(key::tls_issuer, std::string()));
  });
  return Verdict::no(seen.empty()
                         ? "plumb asks no revocation status, so only the client's own log shows it"
                         : "the issuer has no OCSP any more; whether a client insists on it only "
                           "the client's own log shows");
}

Verdict match_cn_only(const Case& about) {
  const Seen seen = handshakes(about, [](const Observation& one) {
    const auto* subject = one.facts.get(key::tls_subject);
    return subject && attribute(*subject, "CN").empty() &&
           !one.facts.get_or(key::tls_san, {}).empty();
  });
  if (seen.empty()) return Verdict::no("every certificate seen has a common name as well");
  return found(about, seen, Confidence::possible, Severity::info, {});
}

constexpr std::array kNoHardFail{
    RemedyTemplate{"Java: do not insist on OCSP; Let's Encrypt ended it on 2025-08-06 and "
                   "publishes revocation lists (CRL) only.",
                   "java -Dcom.sun.net.ssl.checkRevocation=false "
                   "-Djdk.tls.client.enableStatusRequestExtension=false -jar <application.jar>"},
    RemedyTemplate{"See whether the certificate names a responder at all.",
                   "openssl s_client -starttls mysql -connect {host}:{port} </dev/null | openssl "
                   "x509 -noout -ocsp_uri"}};

constexpr std::array kUpdateDriver{
    RemedyTemplate{"Update the driver: names stand in the subject alternative names, and have "
                   "since 2000 (RFC 2818).",
                   ""},
    RemedyTemplate{"See both parts of the certificate.",
                   "openssl s_client -starttls mysql -connect {host}:{port} </dev/null | openssl "
                   "x509 -noout -subject -ext subjectAltName"}};

constexpr std::array kRows{
    Cause{.id = "tls-ocsp-hardfail",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "A client insists on OCSP, which the certificate does not offer",
          .shows_as = "other clients get through; this one fails over the revocation status, its "
                      "certificate names no OCSP responder",
          .summary = "A client that insists on OCSP fails with the certificate of "
                     "{addresses_shown}: its issuer has no responder.",
          .remedy = kNoHardFail,
          .look_alikes = "A proxy between the client and the responder: then the certificate "
                         "names one.",
          .decide_by = "The client's own log names OCSP or revocation; openssl x509 -noout "
                       "-ocsp_uri of the leaf prints nothing.",
          .source = "letsencrypt.org: ending OCSP (2025-08-06)",
          .match = match_ocsp,
          .needs = sign::seen(Phase::tls)},
    Cause{.id = "tls-cn-only-client",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "An old driver looks for the name in the subject only",
          .shows_as = "the leaf has subject alternative names and no common name; modern clients "
                      "verify it, old ones see an empty name",
          .summary = "The certificate of {addresses_shown} has no common name: drivers that read "
                     "nothing else cannot verify it. plumb and current drivers can.",
          .remedy = kUpdateDriver,
          .look_alikes = "tls-hostname-mismatch fails for every client.",
          .decide_by = "The version of the driver that fails; a current client verifies the same "
                       "certificate.",
          .source = "letsencrypt.org/docs/profiles: tlsserver and shortlived have no common name",
          .match = match_cn_only,
          .needs = sign::seen(Phase::tls)}};

}  // namespace

std::span<const Cause> other_client_causes() { return kRows; }

}  // namespace plumb::tls
