#include "checks/tls/chain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

constexpr std::int64_t kSubjectsShown = 8;
// Codes that say "no trusted issuer", 30 where one has the right name and the wrong key.
constexpr std::array<std::int64_t, 6> kNoIssuer{2, 19, 20, 21, 27, 30};
constexpr std::int64_t kBadSignature = 7;

}  // namespace

Chain::Chain(const Observation& seen)
    : code(seen.facts.get_or(key::tls_verify_code, std::int64_t{0})),
      depth(seen.facts.get_or(key::tls_verify_depth, std::int64_t{0})),
      rows(seen.facts.get_or(key::tls_chain, {})),
      judged(judged_rows(seen)),
      trusted(seen.facts.get_or(key::tls_trust_subjects, {})),
      trust_count(seen.facts.get_or(key::tls_trust_count, std::int64_t{-1})),
      system(is_system(seen)),
      leaf_issuer(seen.facts.get_or(key::tls_issuer, std::string())) {
  top_issuer = judged.empty() ? leaf_issuer : judged.back().get_or(key::cert_issuer, std::string());
}

bool Chain::trusts(const std::string& subject) const {
  return std::ranges::find(trusted, subject) != trusted.end();
}

bool Chain::knows_all_trusted() const { return trust_count >= 0 && trust_count <= kSubjectsShown; }

bool Chain::leaf_issuer_was_sent() const { return judged.size() > 1 && sent_under(leaf_issuer); }

bool Chain::sent_under(const std::string& subject) const {
  return std::any_of(rows.begin() + (rows.empty() ? 0 : 1), rows.end(), [&](const Facts& row) {
    return row.get_or(key::cert_subject, std::string()) == subject;
  });
}

bool Chain::same_organisation(const std::string& issuer) const {
  const std::string organisation = attribute(issuer, "O");
  return !organisation.empty() && std::ranges::any_of(trusted, [&](const std::string& subject) {
    return attribute(subject, "O") == organisation;
  });
}

bool Chain::made_by_the_server() const {
  return code == kSelfSignedLeaf ||
         leaf_issuer.find("_Auto_Generated_CA_Certificate") != std::string::npos;
}

bool Chain::lacks_an_issuer() const {
  // What the trusted root itself should have signed: the file has its name with another key.
  if (code == kBadSignature) return static_cast<std::size_t>(depth) + 2 >= judged.size();
  return std::ranges::find(kNoIssuer, code) != kNoIssuer.end();
}

std::string Chain::culprit() const {
  const auto at = static_cast<std::size_t>(depth);
  const std::string subject =
      at < judged.size() ? judged[at].get_or(key::cert_subject, std::string()) : std::string();
  return subject.empty() ? "a certificate without a subject" : subject;
}

bool by_lets_encrypt(const std::string& issuer) {
  return attribute(issuer, "O") == "Let's Encrypt";
}

bool is_root_of_isrg(const std::string& subject) {
  const std::string organisation = attribute(subject, "O");
  return organisation == "ISRG" || organisation == "Internet Security Research Group";
}

bool is_new_root_of_isrg(const std::string& subject) {
  return attribute(subject, "O") == "ISRG" && attribute(subject, "CN").starts_with("Root Y");
}

Seen unjudged(const Case& about) {
  const Roots roots = about.profile->roots;
  const bool shipped_or_public = roots == Roots::system || roots == Roots::isrg;
  if (shipped_or_public || demanded(about, Verification::chain)) return {};
  return handshakes(about, [](const Observation& seen) {
    if (!is_bad(seen, Verification::chain)) return false;
    const Chain chain(seen);
    return chain.system && chain.lacks_an_issuer() && !chain.made_by_the_server();
  });
}

Seen untrusted(const Case& about) {
  if (!unjudged(about).empty()) return {};
  return handshakes(about,
                    [](const Observation& seen) { return is_bad(seen, Verification::chain); });
}

Seen untrusted_where(const Case& about, bool (*shows)(const Chain&)) {
  Seen seen = untrusted(about);
  std::erase_if(seen, [&](const Observation* one) { return !shows(Chain(*one)); });
  return seen;
}

Verdict chain_found(const Case& about, const Seen& seen, Confidence how_sure, int rank) {
  const Chain chain(*seen.front());
  const std::string trusted = fmt::format("{}", fmt::join(chain.trusted, "; "));
  Verdict verdict = found(about, seen, how_sure, Severity::error, Verification::chain,
                          {{"top_issuer", chain.top_issuer},
                           {"trusted", trusted.empty() ? "nobody" : trusted},
                           {"sent", std::to_string(chain.rows.size())}});
  verdict.rank = rank;
  return verdict;
}

}  // namespace plumb::tls
