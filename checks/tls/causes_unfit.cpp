// The chain leads to a trusted root, but one certificate of it may not stand where it stands, or is
// too weak. OpenSSL has a code for each such rule of RFC 5280 and says at which depth; here it gets
// the certificate's name and the words of what is wrong with it and what would be right.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "checks/tls/causes.hpp"
#include "checks/tls/chain.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

struct Rule {
  std::int64_t code;  // X509_V_ERR_* of x509_vfy.h
  std::string_view broken, mend;
};

constexpr std::array kTooWeak{
    Rule{66, "its key is too short", "a key of RSA-2048 or P-256 at least"},
    Rule{67, "its key, which signs others, is too short", "a key of RSA-2048 or P-256 at least"},
    Rule{68, "its signature is made with a digest that is too weak (SHA-1 or MD5)",
         "a signature with SHA-256"}};

constexpr std::array kUnfit{
    Rule{7, "its signature is not by the key of the certificate sent for its issuer",
         "the issuer's certificate that belongs to the key that signed it"},
    Rule{22, "it stands at the end of a chain longer than a client follows", "a shorter chain"},
    Rule{24, "it signs others, but is no authority (basic constraints without CA:TRUE)",
         "basicConstraints = critical,CA:TRUE, or an issuer that has it"},
    Rule{79, "it signs others, but is no authority (basic constraints without CA:TRUE)",
         "basicConstraints = critical,CA:TRUE, or an issuer that has it"},
    Rule{25, "more authorities stand below it than its path length allows",
         "a path length (pathlen) that fits, or a leaf signed by it directly"},
    Rule{26, "it is not for servers (its extended key usage lacks serverAuth)",
         "extendedKeyUsage = serverAuth"},
    Rule{34, "it has a critical extension that OpenSSL does not know", "no such extension"},
    Rule{47, "an authority above it may not sign for its names (name constraints)",
         "a name that the authority may sign for, or another authority"},
    Rule{48, "an authority above it may not sign for its names (name constraints)",
         "a name that the authority may sign for, or another authority"}};

template <class Rules>
const Rule* rule_of(const Rules& rules, std::int64_t code) {
  const auto rule = std::ranges::find(rules, code, &Rule::code);
  return rule == rules.end() ? nullptr : &*rule;
}

bool is_weak(const Chain& chain) { return rule_of(kTooWeak, chain.code) != nullptr; }

// Every other code, be it without words of its own; 1 and 17 are OpenSSL's own trouble.
bool is_unfit(const Chain& chain) {
  return !chain.lacks_an_issuer() && chain.code != kSelfSignedLeaf && !is_weak(chain) &&
         chain.code != 1 && chain.code != 17;
}

std::string key_of(const Chain& chain) {
  const auto at = static_cast<std::size_t>(chain.depth);
  return at < chain.judged.size() ? chain.judged[at].get_or(key::cert_key, std::string())
                                  : std::string();
}

Verdict match_weak(const Case& about) {
  const Seen seen = untrusted_where(about, is_weak);
  if (seen.empty()) return Verdict::no("no key and no digest of the chains seen is too weak");
  const Chain chain(*seen.front());
  const Rule& rule = *rule_of(kTooWeak, chain.code);
  const std::string key = chain.code == 68 ? std::string() : key_of(chain);
  Verdict verdict = chain_found(about, seen, Confidence::certain, 50);
  verdict.bindings.emplace_back("culprit", chain.culprit());
  verdict.bindings.emplace_back("broken",
                                std::string(rule.broken) + (key.empty() ? "" : " (" + key + ")"));
  verdict.bindings.emplace_back("mend", rule.mend);
  return verdict;
}

Verdict match_unfit(const Case& about) {
  const Seen seen = untrusted_where(about, is_unfit);
  if (seen.empty()) return Verdict::no("every certificate of the chains seen may stand there");
  const Chain chain(*seen.front());
  const Rule* rule = rule_of(kUnfit, chain.code);
  const auto words = seen.front()->facts.get_or(key::tls_verify_text, std::string("no reason"));
  Verdict verdict = chain_found(about, seen, Confidence::certain, 50);
  verdict.bindings.emplace_back("culprit", chain.culprit());
  verdict.bindings.emplace_back("broken",
                                rule ? std::string(rule->broken) : "OpenSSL says: " + words);
  verdict.bindings.emplace_back("mend", rule ? rule->mend : "what that demands");
  return verdict;
}

constexpr std::array kStronger{
    RemedyTemplate{"Have {culprit} issued anew with {mend}, and load it on the server (MariaDB: "
                   "FLUSH SSL).",
                   "mysql -e 'ALTER INSTANCE RELOAD TLS'"},
    RemedyTemplate{"Until then a client whose OpenSSL runs at a lower security level takes it "
                   "(CipherString = DEFAULT@SECLEVEL=1; level 0 for SHA-1). The weakness stays.",
                   ""}};

constexpr std::array kIssueAnew{
    RemedyTemplate{"See what the certificates allow.",
                   "openssl s_client -starttls mysql -connect {host}:{port} -showcerts </dev/null"},
    RemedyTemplate{"Have {culprit} issued anew: {mend}. Then load it on the server (MariaDB: FLUSH "
                   "SSL).",
                   "mysql -e 'ALTER INSTANCE RELOAD TLS'"}};

constexpr std::array kRows{
    Cause{.id = "tls-weak-certificate",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::pki,
          .title = "A certificate of the chain is too weak for this client",
          .shows_as = "verify code 66 or 67 (key too short) or 68 (SHA-1 or MD5): below the "
                      "security level of the client's OpenSSL",
          .summary = "In the chain of {addresses_shown} the certificate of {culprit} is too weak: "
                     "{broken}.",
          .remedy = kStronger,
          .look_alikes = "None: OpenSSL names the certificate. A client with a lower security "
                         "level, or another library, may accept it.",
          .decide_by = "",
          .source = "OpenSSL SSL_CTX_set_security_level(3), X509_V_ERR_EE_KEY_TOO_SMALL, "
                    "CA_KEY_TOO_SMALL, CA_MD_TOO_WEAK; reproduced",
          .match = match_weak,
          .needs = sign::odd_tls},
    Cause{.id = "tls-certificate-invalid",
          .layer = Layer::tls,
          .severity = Severity::error,
          .owner = Owner::pki,
          .title = "A certificate of the chain may not be used where it stands",
          .shows_as = "verify code 79 (no CA), 25 (path length), 26 (purpose), 47 or 48 (name "
                      "constraints), 7 (signature), 22 (chain too long) and others",
          .summary = "In the chain of {addresses_shown} the certificate of {culprit} does not do: "
                     "{broken}.",
          .remedy = kIssueAnew,
          .look_alikes = "None: OpenSSL names the rule and the certificate. A client that does not "
                         "verify will not notice.",
          .decide_by = "",
          .source = "RFC 5280 sections 4.2.1 and 6.1; OpenSSL X509_V_ERR_*; reproduced",
          .match = match_unfit,
          .needs = sign::odd_tls}};

}  // namespace

std::span<const Cause> unfit_causes() { return kRows; }

}  // namespace plumb::tls
