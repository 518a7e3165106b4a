// The issuer names the fault: a CA file that holds the issuers of some years ago, and a device on
// the way that signs with its own. OpenSSL says the same (code 20 or 19) for all of them; the
// subjects in the file and the issuers in the chain tell them apart.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "checks/tls/causes.hpp"
#include "checks/tls/chain.hpp"
#include "checks/tls/dates.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/lowered.hpp"

namespace plumb::tls {
namespace {

bool any_trusted(const Chain& chain, bool (*is)(const std::string&)) {
  return std::ranges::any_of(chain.trusted, is);
}

// An intermediate is no anchor for OpenSSL, and Let's Encrypt picks among several at random.
bool pins_an_intermediate(const Chain& chain) {
  return chain.lacks_an_issuer() && !chain.trusted.empty() && chain.knows_all_trusted() &&
         std::ranges::all_of(chain.trusted, by_lets_encrypt) &&
         (by_lets_encrypt(chain.leaf_issuer) || is_root_of_isrg(chain.top_issuer));
}

Verdict match_pinned_intermediate(const Case& about) {
  const Seen seen = untrusted_where(about, pins_an_intermediate);
  if (seen.empty()) return Verdict::no("the CA file does not hold intermediates alone");
  return chain_found(about, seen, Confidence::certain, 60);
}

bool is_old_root(const std::string& subject) {
  return attribute(subject, "CN") == "DST Root CA X3";
}

// The chain ends at a root of ISRG's that the file lacks, while it holds another of its line.
bool lacks_the_newer_root(const Chain& chain) {
  const std::string top = attribute(chain.top_issuer, "CN");
  const bool known = top == "ISRG Root X1" || top == "ISRG Root X2";
  return known && is_root_of_isrg(chain.top_issuer) && chain.lacks_an_issuer() &&
         chain.knows_all_trusted() && !chain.trusts(chain.top_issuer) &&
         (any_trusted(chain, is_root_of_isrg) || any_trusted(chain, is_old_root));
}

bool is_bridge(const Facts& row) {
  return attribute(row.get_or(key::cert_subject, std::string()), "CN") == "ISRG Root X2" &&
         attribute(row.get_or(key::cert_issuer, std::string()), "CN") == "ISRG Root X1";
}

// X2 signed by X1, the bridge for files of X1 alone; its first edition ended on 2025-09-15. It
// explains the dates where it was needed and nothing else has ended.
bool shows_expired_bridge(const Case& about, const Observation& seen) {
  if (!is_bad(seen, Verification::dates)) return false;
  std::vector<Facts> ended = judged_rows(seen);
  std::erase_if(ended, [&](const Facts& row) {
    const auto end = time_of(row, key::cert_not_after);
    return !end || *end >= about.started;
  });
  return !ended.empty() && std::ranges::all_of(ended, is_bridge);
}

Verdict match_old_anchor(const Case& about) {
  const Seen seen = untrusted_where(about, lacks_the_newer_root);
  if (!seen.empty()) return chain_found(about, seen, Confidence::certain, 60);
  const Seen bridged =
      handshakes(about, [&](const Observation& one) { return shows_expired_bridge(about, one); });
  if (bridged.empty())
    return Verdict::no("no chain ends at a root of ISRG's that the CA file lacks beside another");
  return found(about, bridged, Confidence::likely, Severity::error, Verification::dates,
               {{"top_issuer", "ISRG Root X1 through a cross-signature that has expired"},
                {"trusted", "only older roots"}});
}

bool is_of_rds(const std::string& name) { return name.find("Amazon RDS") != std::string::npos; }

bool rds_with_older_file(const Chain& chain) {
  return chain.lacks_an_issuer() && is_of_rds(chain.top_issuer) && any_trusted(chain, is_of_rds) &&
         !chain.trusts(chain.top_issuer);
}

Verdict match_rds_ca(const Case& about) {
  const Seen seen = untrusted_where(about, rds_with_older_file);
  if (seen.empty())
    return Verdict::no("no chain of Amazon RDS fails against a file of older RDS roots");
  const bool all_known = Chain(*seen.front()).knows_all_trusted();
  return chain_found(about, seen, all_known ? Confidence::certain : Confidence::likely, 60);
}

// Makers of devices and services that open TLS, as they name their authorities.
constexpr std::array<std::string_view, 16> kInspectors{
    "zscaler",  "palo alto",   "fortinet",  "fortigate",  "netskope",  "blue coat",
    "bluecoat", "check point", "sophos",    "forcepoint", "barracuda", "cisco umbrella",
    "mcafee",   "skyhigh",     "mitmproxy", "squid"};

std::string inspector_of(const Observation& seen) {
  std::string issuers;
  const auto add = [&issuers](const std::string* issuer) {
    if (issuer) issuers += *issuer + "; ";
  };
  add(seen.facts.get(key::tls_issuer));
  if (const auto* rows = seen.facts.get(key::tls_chain))
    for (const Facts& row : *rows) add(row.get(key::cert_issuer));
  lower(issuers);
  for (const std::string_view maker : kInspectors)
    if (issuers.find(maker) != std::string::npos) return std::string(maker);
  return {};
}

// Where the profile says who signs for this deployment: its organisations.
std::string_view signer_of(const Profile& profile) {
  if (profile.roots == Roots::isrg) return "Let's Encrypt";
  if (profile.roots == Roots::amazon_rds) return "Amazon Web Services";
  return {};
}

bool signed_by_a_stranger(const Case& about, const Observation& seen) {
  const std::string_view signer = signer_of(*about.profile);
  if (signer.empty() || !is_bad(seen, Verification::chain) || is_bad(seen, Verification::name))
    return false;
  const Chain chain(seen);
  return !chain.made_by_the_server() && !chain.leaf_issuer.empty() &&
         !attribute(chain.leaf_issuer, "O").starts_with(signer);
}

Verdict match_intercept(const Case& about) {
  const Seen named =
      handshakes(about, [](const Observation& seen) { return !inspector_of(seen).empty(); });
  if (!named.empty()) {
    Verdict verdict = found(about, named, Confidence::likely, Severity::error, Verification::chain,
                            {{"why", "that is the name of a product that opens TLS"}});
    // Trusted all the same: whoever runs this host has accepted the device.
    if (!is_bad(*named.front(), Verification::chain)) verdict.severity = Severity::info;
    verdict.rank = 80;
    return verdict;
  }
  const Seen strange =
      handshakes(about, [&](const Observation& seen) { return signed_by_a_stranger(about, seen); });
  if (strange.empty()) return Verdict::no("no issuer is that of a device that opens TLS");
  Verdict verdict =
      found(about, strange, Confidence::possible, Severity::error, Verification::chain,
            {{"why", "this deployment's certificates come from " +
                         std::string(signer_of(*about.profile))}});
  verdict.rank = 115;
  return verdict;
}

constexpr std::array kRootsOnly{
    RemedyTemplate{"Trust roots only: Let's Encrypt picks its intermediates at random and retires "
                   "them.",
                   "curl -sSo isrgrootx1.pem https://letsencrypt.org/certs/isrgrootx1.pem"},
    RemedyTemplate{"Check with it: plumb has it inside.",
                   "plumb check --tls {tls_mode} --ca isrg-root-x1 {host}:{port}"}};

constexpr std::array kBothRoots{
    RemedyTemplate{"Make a CA file of both roots.",
                   "curl -sSo isrgrootx1.pem https://letsencrypt.org/certs/isrgrootx1.pem && "
                   "curl -sSo isrg-root-x2.pem https://letsencrypt.org/certs/isrg-root-x2.pem && "
                   "cat isrgrootx1.pem isrg-root-x2.pem > le-roots.pem"},
    RemedyTemplate{
        "Check with both (plumb has them inside), or with the system's store (--ca system).",
        "plumb check --tls {tls_mode} --ca isrg-roots {host}:{port}"}};

constexpr std::array kRdsBundle{
    RemedyTemplate{"Replace the CA file by the bundle of all regions.",
                   "curl -sSo global-bundle.pem "
                   "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"},
    RemedyTemplate{"See which authority the instance uses.",
                   "aws rds describe-db-instances --db-instance-identifier <instance> --query "
                   "'DBInstances[].CACertificateIdentifier'"}};

constexpr std::array kExempt{
    RemedyTemplate{"Ask the network team to exempt the database's port from TLS inspection (AWS "
                   "Network Firewall: the TLS inspection configuration).",
                   ""},
    RemedyTemplate{"Compare with the certificate that another network sees.",
                   "openssl s_client -starttls mysql -connect {host}:{port} -showcerts </dev/null"},
    RemedyTemplate{"Do not add the device's CA to the trust file in silence: whoever holds its key "
                   "reads every password.",
                   ""}};

constexpr std::array<std::string_view, 1> kWrongFile{"tls-wrong-ca-for-deployment"};
constexpr std::array<std::string_view, 2> kBridge{"tls-wrong-ca-for-deployment",
                                                  "tls-certificate-expired"};

constexpr std::array kRows{
    Cause{.id = "tls-pinned-intermediate-retired",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The CA file pins an intermediate of Let's Encrypt",
          .shows_as = "verify code 20 or 2, and every subject in the CA file is an intermediate "
                      "(R3, R10-R14, E5-E9, YR, YE)",
          .summary = "{addresses_shown} shows a chain signed by {issuer}; {trust} holds only "
                     "{trusted}. An intermediate is no root, and these change.",
          .remedy = kRootsOnly,
          .look_alikes = "A file of another deployment's root (tls-wrong-ca-for-deployment): then "
                         "its subjects are roots.",
          .decide_by = "",
          .source = "letsencrypt.org/certificates; reproduced: a file of R12 against a leaf of YR1",
          .match = match_pinned_intermediate,
          .supersedes = kWrongFile,
          .needs = sign::odd_tls},
    Cause{.id = "tls-trust-anchor-too-old-or-x1-only",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The CA file lacks the newer root of Let's Encrypt",
          .shows_as = "verify code 20 and a chain that ends at ISRG Root X2 (or X1), with a file "
                      "that holds only its elder; or an expired cross-signature of X2 by X1",
          .summary = "The chain of {addresses_shown} ends at {top_issuer}; {trust} "
                     "holds {trusted}.",
          .remedy = kBothRoots,
          .look_alikes = "A wrong file altogether: then it holds no root of ISRG's. A server that "
                         "leaves out the cross-signed root (tls-server-missing-intermediate).",
          .decide_by = "Verify with both roots in the file: it holds then, if it was the file; "
                       "else the server must send a current cross-signature.",
          .source = "letsencrypt.org/certificates; reproduced with a file of X1 alone (code 20) "
                    "and the cross-signature of 2025 (code 10, depth 1)",
          .match = match_old_anchor,
          .supersedes = kBridge,
          .needs = sign::odd_tls},
    Cause{.id = "tls-rds-ca-outdated",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::client,
          .title = "The CA file holds the old roots of Amazon RDS",
          .shows_as = "verify code 20 or 19, issuer \"Amazon RDS <region> Root CA …\", and the CA "
                      "file holds other roots of Amazon RDS",
          .summary = "The chain of {addresses_shown} ends at {top_issuer}; {trust} "
                     "holds other roots of Amazon RDS.",
          .remedy = kRdsBundle,
          .look_alikes = "A file of another deployment: then it holds no root of Amazon RDS.",
          .decide_by = "aws rds describe-db-instances: CACertificateIdentifier against the "
                       "subjects in the file.",
          .source = "Amazon RDS, using SSL/TLS to encrypt a connection to a DB instance",
          .match = match_rds_ca,
          .supersedes = kWrongFile,
          .needs = sign::odd_tls},
    Cause{.id = "tls-middlebox-intercept",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::network,
          .title = "A device on the way opens TLS and signs for the server",
          .shows_as = "verify code 19 or 20 with the right names and an issuer that is the "
                      "company's or a product's, the same for other hosts",
          .summary = "The certificate of {addresses_shown} is signed by {issuer}; {why}. Somebody "
                     "on the way may be opening TLS.",
          .remedy = kExempt,
          .look_alikes = "A CA file of another deployment, or a private root of the database's "
                         "owner: then every network sees the same issuer.",
          .decide_by = "The issuer that another network sees for {name}; the same issuer for "
                       "other hosts from here proves a device.",
          .source = "general knowledge of TLS inspection; AWS Network Firewall, TLS inspection",
          .match = match_intercept,
          .needs = sign::seen(Phase::tls)}};

}  // namespace

std::span<const Cause> issuer_causes() { return kRows; }

}  // namespace plumb::tls
