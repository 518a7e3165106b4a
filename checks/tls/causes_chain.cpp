// Why a chain does not lead to a trusted root. OpenSSL's codes alone do not tell: 20 is a missing
// intermediate as well as a wrong CA file. What tells is whether the leaf's issuer was sent at all,
// who stands at the top of what was sent, and who is in the trust file.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "checks/tls/causes.hpp"
#include "checks/tls/chain.hpp"
#include "checks/tls/trust_file.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/lowered.hpp"

namespace plumb::tls {
namespace {

bool known_issuer(const std::string& issuer) {
  const std::string organisation = attribute(issuer, "O");
  return by_lets_encrypt(issuer) || is_root_of_isrg(issuer) || organisation.starts_with("Amazon") ||
         organisation.starts_with("DigiCert");
}

bool intermediate_may_lack(const Chain& chain) {
  if (!chain.lacks_an_issuer() || chain.code == kSelfSignedInChain || chain.made_by_the_server())
    return false;
  if (chain.trust_count == 0)
    return by_lets_encrypt(chain.leaf_issuer) && !chain.leaf_issuer_was_sent();
  if (chain.leaf_issuer_was_sent()) return is_new_root_of_isrg(chain.top_issuer);
  return !chain.trusts(chain.leaf_issuer);
}

// Whether an issuer's name is a root's, as where a private authority signs leaves with its one key.
bool called_a_root(const std::string& issuer) {
  const std::string name = lowered(" " + attribute(issuer, "CN"));
  return name.find("root") != std::string::npos || name.ends_with(" ca") ||
         name.ends_with(" authority");
}

// The leaf's issuer is missing; a file of another root would look the same. A leaf that comes alone
// from an issuer that is not called a root, the same organisation on both sides, or a store of
// public roots (whose authorities never sign a leaf with a root): the intermediate.
bool intermediate_is_likelier(const Chain& chain) {
  const bool alone = chain.rows.size() == 1 && !called_a_root(chain.leaf_issuer);
  return alone || by_lets_encrypt(chain.leaf_issuer) || is_new_root_of_isrg(chain.top_issuer) ||
         chain.system || chain.same_organisation(chain.leaf_issuer);
}

// More than the leaf came, and it ends below a root that nobody trusts by name: an upper
// certificate may have been left out, or the root is another one.
bool upper_may_lack(const Chain& chain) {
  return chain.lacks_an_issuer() && chain.code != kSelfSignedInChain && chain.trust_count > 0 &&
         chain.leaf_issuer_was_sent() && !chain.trusts(chain.top_issuer) &&
         !known_issuer(chain.top_issuer);
}

Verdict missing_found(const Case& about, const Seen& seen, Confidence how_sure, int rank) {
  Verdict verdict = chain_found(about, seen, how_sure, rank);
  const Chain chain(*seen.front());
  std::string missing = chain.leaf_issuer_was_sent() ? chain.top_issuer : chain.leaf_issuer;
  if (chain.sent_under(missing)) missing += " (one of that name was sent, with another key)";
  if (is_new_root_of_isrg(missing)) missing += ", cross-signed by an elder root";
  verdict.bindings.emplace_back("missing", missing);
  return verdict;
}

Verdict match_missing_intermediate(const Case& about) {
  const Seen seen = untrusted_where(about, intermediate_may_lack);
  if (seen.empty()) {
    const Seen upper = untrusted_where(about, upper_may_lack);
    if (!upper.empty()) return missing_found(about, upper, Confidence::possible, 120);
  }
  if (seen.empty())
    return Verdict::no(untrusted(about).empty()
                           ? "every chain seen leads to a trusted root"
                           : "the issuer of the leaf was sent, or is trusted by name");
  const Chain chain(*seen.front());
  if (by_lets_encrypt(chain.leaf_issuer) && !chain.leaf_issuer_was_sent())
    return missing_found(about, seen, Confidence::certain, 50);
  const bool likelier = intermediate_is_likelier(chain);
  return missing_found(about, seen, likelier ? Confidence::likely : Confidence::possible,
                       likelier ? 90 : 110);
}

// Let's Encrypt's newest root as it signs itself, to a client that knows its elders: these vouch
// for it only by a cross-signature, which should stand in its place.
bool sends_new_root_itself(const Chain& chain) {
  const bool knows_elders = chain.system || std::ranges::any_of(chain.trusted, is_root_of_isrg);
  return chain.code == kSelfSignedInChain && is_new_root_of_isrg(chain.top_issuer) && knows_elders;
}

bool anchored_elsewhere(const Chain& chain) {
  if (!chain.lacks_an_issuer() || chain.trust_count == 0 || chain.made_by_the_server())
    return false;
  if (chain.code == kSelfSignedInChain) return !chain.system && !sends_new_root_itself(chain);
  // Let's Encrypt's leaf without its intermediate says nothing against a file of ISRG's roots.
  const bool only_incomplete = by_lets_encrypt(chain.leaf_issuer) && !chain.leaf_issuer_was_sent();
  return !only_incomplete;
}

Verdict with_sentence(Verdict verdict, std::string_view holds) {
  const auto bound = [&](std::string_view name) { return std::string(verdict.bound(name)); };
  verdict.bindings.emplace_back("what", "The chain shown by " + bound("addresses_shown") +
                                            " ends at " + bound("top_issuer") + "; " +
                                            bound("trust") + " " + std::string(holds));
  return verdict;
}

Verdict no_file_given(const Case& about, const Seen& seen) {
  Verdict verdict = chain_found(about, seen, Confidence::likely, 90);
  verdict.bindings.emplace_back("kind", "store");
  verdict.bindings.emplace_back(
      "what", "No CA file was given, so the chain is not judged. This deployment's roots: " +
                  std::string(where_to_get(about.profile->roots)));
  return verdict;
}

Verdict match_wrong_ca(const Case& about) {
  if (const Seen seen = unjudged(about); !seen.empty()) return no_file_given(about, seen);
  const Seen seen = untrusted_where(about, anchored_elsewhere);
  if (seen.empty() && untrusted(about).empty()) return match_file_of_another_deployment(about);
  if (seen.empty())
    return Verdict::no(untrusted(about).empty()
                           ? "every chain seen leads to a trusted root"
                           : "the top of the chain explains the failure otherwise");
  const Chain chain(*seen.front());
  const bool same_name = chain.trusts(chain.top_issuer);
  const bool unlikely = intermediate_may_lack(chain) && intermediate_is_likelier(chain);
  const bool proved = chain.knows_all_trusted() && !chain.system && !same_name &&
                      known_issuer(chain.top_issuer) && !intermediate_may_lack(chain);
  const Confidence how_sure = unlikely ? Confidence::possible
                              : proved ? Confidence::certain
                                       : Confidence::likely;
  Verdict verdict = chain_found(about, seen, how_sure, unlikely ? 110 : 90);
  verdict.bindings.emplace_back("kind", trusts_a_file(*seen.front()) ? "file" : "store");
  return with_sentence(std::move(verdict),
                       same_name ? "holds the same name with another key" : "does not trust it");
}

Verdict match_self_signed_leaf(const Case& about) {
  const Seen seen =
      untrusted_where(about, [](const Chain& chain) { return chain.made_by_the_server(); });
  if (seen.empty()) return Verdict::no("no server showed a certificate that it made itself");
  const bool self_signed = Chain(*seen.front()).code == kSelfSignedLeaf;
  return chain_found(about, seen, self_signed ? Confidence::certain : Confidence::likely, 50);
}

Verdict match_self_signed_in_chain(const Case& about) {
  const Seen instead = untrusted_where(about, sends_new_root_itself);
  if (!instead.empty()) {
    Verdict verdict = chain_found(about, instead, Confidence::likely, 60);
    verdict.owner = Owner::pki;
    verdict.bindings.emplace_back("instead",
                                  ". Clients know it by a cross-signature of an elder root, which "
                                  "the server should send in its place.");
    verdict.decide_by =
        "Put the cross-signed certificate in the place of {top_issuer} and verify with the same "
        "roots: it holds then.";
    return verdict;
  }
  const Seen seen = untrusted_where(about, [](const Chain& chain) {
    return chain.code == kSelfSignedInChain && chain.system && chain.trust_count != 0 &&
           !chain.made_by_the_server();
  });
  if (seen.empty())
    return Verdict::no("no chain ends in a self-signed root that explains the failure");
  Verdict verdict = chain_found(about, seen, Confidence::likely);
  verdict.bindings.emplace_back("instead", ".");
  return verdict;
}

Verdict match_ca_file_missing(const Case& about) {
  const Seen seen = untrusted_where(about, [](const Chain& chain) {
    return chain.trust_count == 0 && !chain.made_by_the_server();
  });
  if (seen.empty()) return Verdict::no("there are trusted roots to judge a chain by");
  return chain_found(about, seen, Confidence::certain, 40);
}

constexpr std::array kWrongCa{
    RemedyTemplate{"See whom the CA file trusts. (The whole chain that was shown is in -o json, "
                   "tls.chain.) Do not trust a root that you cannot account for: a device that "
                   "opens TLS looks the same.",
                   "openssl storeutl -noout -text -certs {ca_file} | grep Subject:",
                   {},
                   Cloud::unknown,
                   "file"},
    RemedyTemplate{
        "TiDB Cloud Starter and Essential, and any Let's Encrypt chain: trust ISRG Root X1 (or the "
        "system's store: --ca system).",
        "curl -sSo isrgrootx1.pem https://letsencrypt.org/certs/isrgrootx1.pem",
        "tidb-starter tidb-private-alicloud"},
    RemedyTemplate{
        "TiDB Cloud Dedicated and Premium: download ca.pem from Connect > CA cert in the console; "
        "it belongs to that cluster.",
        "", "tidb-dedicated tidb-premium"},
    RemedyTemplate{"Amazon RDS and Aurora: use the global bundle.",
                   "curl -sSo global-bundle.pem "
                   "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem",
                   "aurora-direct rds-direct heatwave-egress-aurora"},
    RemedyTemplate{"HeatWave on AWS: use the CA bundle of the DB System's region.", "",
                   "heatwave-private"},
    RemedyTemplate{"ApsaraDB RDS: download the instance's CA certificate in the console.", "",
                   "alibaba-rds essential-plc-to-rds"},
    RemedyTemplate{"A server of your own: copy its ca.pem to the client.", "", "mariadb"}};

constexpr std::array kIntermediate{
    RemedyTemplate{
        "On the server, put the intermediates behind the leaf in the file that ssl_cert names, "
        "then reload (MariaDB: FLUSH SSL).",
        "cat leaf.pem intermediate.pem > server-chain.pem && mysql -e 'ALTER INSTANCE RELOAD TLS'"},
    RemedyTemplate{"Let's Encrypt: serve fullchain.pem of the default chain as it comes (certbot: "
                   "without --preferred-chain); it holds the cross-signed root.",
                   ""},
    RemedyTemplate{"Until then, add the intermediate to the CA file of the client.",
                   "cat intermediate.pem >> {ca_file}"}};

constexpr std::array kSelfSigned{
    RemedyTemplate{
        "Make sure that this is the server you mean (a managed gateway does not sign for itself): "
        "on the server, compare with tls.server.hash.sha256 in -o json.",
        "openssl x509 -in server-cert.pem -noout -fingerprint -sha256"},
    RemedyTemplate{"Give the server a certificate of a real authority (ssl_cert, ssl_key), or, for "
                   "MySQL's own, trust "
                   "the ca.pem of its data directory with verify-ca.",
                   ""},
    RemedyTemplate{"On a private path it may do to encrypt without verifying.",
                   "plumb check --tls required {host}:{port}"}};

constexpr std::array kPrivateRoot{
    RemedyTemplate{"Let's Encrypt's Root YR or Root YE: have the server send the cross-signed one "
                   "instead (fullchain.pem of the default chain holds it).",
                   "curl -sS -O https://letsencrypt.org/certs/gen-y/root-yr-by-x1.pem "
                   "-O https://letsencrypt.org/certs/gen-y/root-ye-by-x2.pem"},
    RemedyTemplate{
        "Else, if {top_issuer} is the documented root of this database, get its file from the "
        "owner (not from "
        "the connection) and trust it.",
        "plumb check --tls verify-full --ca <ca_file> {host}:{port}"},
    RemedyTemplate{"If nobody knows that root, somebody opens TLS on the way: ask the network team "
                   "to exempt this port.",
                   ""}};

constexpr std::array kNoRoots{
    RemedyTemplate{"Debian, Ubuntu: install the roots.", "apt-get install ca-certificates"},
    RemedyTemplate{"Alpine: install the roots.", "apk add ca-certificates"},
    RemedyTemplate{
        "Or name the file: /etc/ssl/certs/ca-certificates.crt (Debian), "
        "/etc/pki/tls/certs/ca-bundle.crt "
        "(Red Hat), /etc/ssl/cert.pem (Alpine). See that SSL_CERT_FILE does not point elsewhere.",
        "plumb check --ca <ca_file> {host}:{port}"}};

constexpr std::array<std::string_view, 2> kExplainedByNoRoots{"tls-wrong-ca-for-deployment",
                                                              "tls-self-signed-in-chain"};

constexpr std::array kRows{
    Cause{.id = "tls-wrong-ca-for-deployment",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The CA file is not the one of this deployment",
          .shows_as = "verify code 20 or 19: the issuer at the top of the chain sent is not among "
                      "the trusted roots",
          .summary = "{what}.",
          .remedy = kWrongCa,
          .look_alikes = "A server that leaves out its intermediate (only the leaf is sent); a "
                         "device that opens TLS (the "
                         "same foreign issuer for other hosts); a re-created CA of the same name "
                         "(compare fingerprints).",
          .decide_by = "Compare {top_issuer} with the CA that the console or the server's owner "
                       "gives for this database; "
                       "with the right file the chain verifies at once.",
          .source = "TiDB Cloud: TLS connections to Dedicated and to Starter/Essential; OpenSSL "
                    "X509_V_ERR 19, 20",
          .match = match_wrong_ca,
          .needs = sign::seen(Phase::tls) | sign::seen(Phase::local)},
    Cause{.id = "tls-server-missing-intermediate",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::pki,
          .title = "The server does not send its intermediate certificate",
          .shows_as =
              "verify code 20 at depth 0: the issuer of the leaf was not sent and is no trusted "
              "root; or Let's Encrypt's Root YR or YE without its cross-signature",
          .summary = "The server at {addresses_shown} sends {sent} certificate(s), but not that of "
                     "{missing}, so the chain cannot be followed to a root of {trust}.",
          .remedy = kIntermediate,
          .look_alikes = "A CA file of another deployment, where the root signs leaves directly.",
          .decide_by = "Add the certificate of {missing} to the chain: if it verifies then, the "
                       "server leaves it out; if that is itself a root, the CA file is the wrong "
                       "one.",
          .source = "RFC 8446 section 4.4.2; letsencrypt.org/certificates; reproduced with OpenSSL "
                    "3.0 (code 20, depth 0)",
          .match = match_missing_intermediate,
          .needs = sign::odd_tls},
    Cause{.id = "tls-self-signed-leaf",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::dba,
          .title = "The server uses a certificate that it made itself",
          .shows_as =
              "verify code 18, or an issuer named MySQL_Server_..._Auto_Generated_CA_Certificate",
          .summary = "The certificate shown by {addresses_shown} is of the server's own making "
                     "({subject}); no authority vouches for it.",
          .remedy = kSelfSigned,
          .look_alikes = "The wrong server behind a stale name or tunnel: managed services have "
                         "certificates of an authority.",
          .decide_by = "Compare the fingerprint with the server's own: openssl x509 -in "
                       "server-cert.pem -noout "
                       "-fingerprint -sha256.",
          .source = "MySQL manual: Creating SSL certificates; TiDB auto-tls; MariaDB "
                    "zero-configuration TLS",
          .match = match_self_signed_leaf,
          .needs = sign::odd_tls},
    Cause{.id = "tls-self-signed-in-chain",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The chain ends in a self-signed root that the client does not know",
          .shows_as =
              "verify code 19: a self-signed root was sent that is not in the system's store; or "
              "Let's Encrypt's Root YR or YE itself, to a client that knows ISRG Root X1 or X2",
          .summary = "The server at {addresses_shown} sends the root {top_issuer} itself; {trust} "
                     "does not know it{instead}",
          .remedy = kPrivateRoot,
          .look_alikes = "A device that opens TLS on the way and signs with a company root.",
          .decide_by = "Ask the owner of the database whether {top_issuer} is its documented root; "
                       "try from another network.",
          .source = "OpenSSL X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN; reproduced",
          .match = match_self_signed_in_chain,
          .needs = sign::odd_tls},
    Cause{
        .id = "tls-ca-file-missing",
        .layer = Layer::tls,
        .severity = Severity::error,
        .owner = Owner::client,
        .title = "This host has no root certificates to verify with",
        .shows_as = "no certificate at all in the trust that was loaded: the file is missing or "
                    "the store empty",
        .summary =
            "There is not one root certificate in {trust}, so no chain can be verified from here.",
        .remedy = kNoRoots,
        .look_alikes = "None: the number of trusted certificates is counted before the connection.",
        .decide_by = "",
        .source = "TiDB Cloud: secure connections to Starter (list of paths); Alpine and "
                  "distroless images",
        .match = match_ca_file_missing,
        .supersedes = kExplainedByNoRoots,
        .needs = sign::odd_tls}};

}  // namespace

std::span<const Cause> chain_causes() { return kRows; }

}  // namespace plumb::tls
