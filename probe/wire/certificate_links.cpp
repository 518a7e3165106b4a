#include "probe/wire/certificate_links.hpp"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>

namespace plumb::wire {
namespace {

// X509_cmp_time: -1 for "not after then", 1 for "after", 0 where it cannot be read.
bool valid_at(const X509& certificate, std::time_t when) {
  return X509_cmp_time(X509_get0_notBefore(&certificate), &when) < 0 &&
         X509_cmp_time(X509_get0_notAfter(&certificate), &when) > 0;
}

bool signed_by(X509* subject, X509* issuer) {
  EVP_PKEY* const key = X509_get0_pubkey(issuer);
  return key && X509_verify(subject, key) == 1;
}

bool proven(const LinkProof& proof, X509* subject, X509* issuer, bool leaf) {
  // Names, key identifiers, and that the issuer's key usage lets it sign certificates.
  if (X509_check_issued(issuer, subject) != X509_V_OK) return false;
  if (leaf) return signed_by(subject, issuer);
  const auto below = proof.fingerprint(*subject), above = proof.fingerprint(*issuer);
  if (!below || !above) return signed_by(subject, issuer);
  if (proof.links.has(*below, *above)) return true;
  if (!signed_by(subject, issuer)) return false;
  proof.links.add(*below, *above);
  return true;
}

bool all_proven(const LinkProof& proof, STACK_OF(X509) * path) {
  const int count = sk_X509_num(path);
  if (count < 2) return false;
  // OpenSSL's anchor without PARTIAL_CHAIN; it does not check a signature by itself either.
  X509* const anchor = sk_X509_value(path, count - 1);
  if (X509_check_issued(anchor, anchor) != X509_V_OK) return false;
  for (int i = count - 1; i >= 0; --i) {
    X509* const subject = sk_X509_value(path, i);
    if (!valid_at(*subject, proof.when)) return false;
    if (i < count - 1 && !proven(proof, subject, sk_X509_value(path, i + 1), i == 0)) return false;
  }
  return true;
}

int verify_by_links(X509_STORE_CTX* context) {
  const auto& proof = *static_cast<const LinkProof*>(X509_STORE_CTX_get_app_data(context));
  if (all_proven(proof, X509_STORE_CTX_get0_chain(context))) return 1;
  X509_STORE_CTX_set_error(context, X509_V_ERR_UNSPECIFIED);
  return 0;
}

}  // namespace

std::size_t ProvenLinks::Hash::operator()(const Link& link) const {
  std::size_t value = 0;  // a digest's first bytes are as good as any hash of it
  std::memcpy(&value, link.data(), sizeof value);
  return value;
}

ProvenLinks::Link ProvenLinks::link(const Fingerprint& subject, const Fingerprint& issuer) {
  Link link{};
  std::copy(subject.begin(), subject.end(), link.begin());
  std::copy(issuer.begin(), issuer.end(), link.begin() + std::tuple_size_v<Fingerprint>);
  return link;
}

void ProvenLinks::add(const Fingerprint& subject, const Fingerprint& issuer) {
  if (links_.size() >= kMost) links_.clear();
  links_.insert(link(subject, issuer));
}

void use_proven_links(X509_STORE_CTX* context, LinkProof& proof) {
  X509_STORE_CTX_set_app_data(context, &proof);
  X509_STORE_CTX_set_verify(context, verify_by_links);
}

}  // namespace plumb::wire
