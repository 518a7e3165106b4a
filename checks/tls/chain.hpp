// A chain that does not lead to a trusted root, as the causes read it: what was sent, who stands at
// its top, and whom the trust file holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checks/tls/evidence.hpp"

namespace plumb::tls {

// X509_V_ERR_* of x509_vfy.h.
inline constexpr std::int64_t kSelfSignedLeaf = 18, kSelfSignedInChain = 19;

struct Chain {
  explicit Chain(const Observation& seen);

  bool trusts(const std::string& subject) const;
  bool knows_all_trusted() const;  // tls.trust_subjects holds no more than eight
  bool leaf_issuer_was_sent() const;
  bool sent_under(const std::string& subject) const;  // above the leaf, with whatever key
  bool same_organisation(const std::string& issuer) const;
  bool made_by_the_server() const;
  bool lacks_an_issuer() const;  // the code says "no trusted issuer"
  std::string culprit() const;   // the subject of the certificate that the code is about

  std::int64_t code, depth;
  std::vector<Facts> rows;    // as they were sent
  std::vector<Facts> judged;  // as they lead to each other
  std::vector<std::string> trusted;
  std::int64_t trust_count;
  bool system;
  std::string leaf_issuer, top_issuer;
};

// Let's Encrypt signs leaves with intermediates only; its roots are ISRG's
// (letsencrypt.org/certificates).
bool by_lets_encrypt(const std::string& issuer);
bool is_root_of_isrg(const std::string& subject);  // X1, X2, YR, YE
// Root YR and Root YE, which clients know by cross-signatures of X1 and X2 only.
bool is_new_root_of_isrg(const std::string& subject);

// Whose roots come from a console or a download page, and no file of theirs was given: nobody asked
// for the chain to be verified, and nothing is wrong with it that could be known here.
Seen unjudged(const Case& about);

Seen untrusted(const Case& about);  // those that were judged
Seen untrusted_where(const Case& about, bool (*shows)(const Chain&));

// A match by what the policy asks of chains; binds {top_issuer}, {trusted} and {sent} as well.
Verdict chain_found(const Case& about, const Seen& seen, Confidence how_sure, int rank = 100);

}  // namespace plumb::tls
