// Signatures above the leaf that were checked before: "this certificate was signed with the key of
// that one", for exact DER bytes of both. Whether a signature fits depends on nothing else, so it is
// not checked again for the next leaf under the same intermediate (RSA-4096 of a root: 65 µs).
//
// X509_verify_cert still runs in full for every leaf: the path, critical extensions, what each may
// sign, path lengths, security level, trust, name constraints. Only its last step but one, the
// signatures and dates of the path, is done here in place of OpenSSL's internal_verify, and may
// answer nothing but a clean yes: each link proven now or before, each date good at the time. At
// anything else the caller verifies from the start, without this, so that every verdict but "good"
// is OpenSSL's own. No intermediate ever becomes an anchor (X509_V_FLAG_PARTIAL_CHAIN would drop the
// constraints and the levels above it). The leaf's own signature is never kept.
//
// Bounded: full, it forgets everything; what is forgotten costs one more verification.
#pragma once

#include <openssl/types.h>

#include <array>
#include <ctime>
#include <functional>
#include <unordered_set>

#include "probe/wire/certificate.hpp"

namespace plumb::wire {

class ProvenLinks {
 public:
  static constexpr std::size_t kMost = 1024;

  bool has(const Fingerprint& subject, const Fingerprint& issuer) const {
    return links_.contains(link(subject, issuer));
  }
  void add(const Fingerprint& subject, const Fingerprint& issuer);
  std::size_t size() const { return links_.size(); }

 private:
  using Link = std::array<std::uint8_t, 2 * std::tuple_size_v<Fingerprint>>;
  struct Hash {
    std::size_t operator()(const Link& link) const;
  };
  static Link link(const Fingerprint& subject, const Fingerprint& issuer);
  std::unordered_set<Link, Hash> links_;
};

// One chain's proof: hung into the X509_STORE_CTX whose verify step it is.
struct LinkProof {
  ProvenLinks& links;
  std::function<std::optional<Fingerprint>(X509&)> fingerprint;
  std::time_t when;
};

// Before X509_verify_cert(); `proof` must outlive that. Then: 1 and X509_V_OK is a verdict, anything
// else means to ask again without.
void use_proven_links(X509_STORE_CTX* context, LinkProof& proof);

}  // namespace plumb::wire
