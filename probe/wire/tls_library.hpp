// A library context of OpenSSL in which certificates decode fast, for the connections of one shard.
//
// OpenSSL 3.0 chooses a decoder anew for every public key: it walks some sixty decoders, and, in
// search of key managers, every method of any kind that its context holds. Here there are few: the
// context's only provider hands through what the default provider has, but of decoders only the five
// that read the DER SubjectPublicKeyInfo of a key that TLS servers sign with (RSA, RSA-PSS, EC,
// Ed25519, Ed448), of key managers these and those of key exchange, of ciphers, MACs, KDFs, digests
// and signatures only those of TLS, and no encoders and stores. Nothing is written again: each
// function that runs is the default provider's own (which stands in a second context, where its
// functions look for what they need: a signature for its digest, so SHA-3 is proven too). So keys,
// curves, names, suites and errors are the same; a certificate whose key cannot be read here is
// decoded once more in the default context (certificate_judge.cpp). What differs: a *leaf* whose key
// cannot be used in TLS (SM2, DSA, a key for agreement only), which OpenSSL does not speak TLS with
// either, is refused with other words.
//
// One alone: d2i_X509 of an RSA-2048 certificate 85 µs → 23 µs, of a P-256 one 86 µs → 35 µs.
// Filters that know RSA and EC only save 6 µs more and would refuse Ed25519, Ed448 and RSA-PSS.
//
// Not to be had (null: use the default context) where the system's openssl.cnf activates other
// providers, FIPS for instance: then they, and not we, say what may be used. A client's key is read
// from a file, for which the other decoders are needed: such a TlsContext does without, too.
//
// Owned by what is used on one thread; freed on that thread or after its end, since OpenSSL keeps
// random generators of a context in each thread that used it. Source: provider(7), OSSL_PROVIDER(3).
#pragma once

#include <openssl/crypto.h>
#include <openssl/provider.h>

#include <memory>

#include "probe/wire/certificate_handle.hpp"

namespace plumb::wire {

class TlsLibrary {
 public:
  static std::shared_ptr<const TlsLibrary> make();  // null: the default context it is
  ~TlsLibrary();
  TlsLibrary(const TlsLibrary&) = delete;
  TlsLibrary& operator=(const TlsLibrary&) = delete;

  OSSL_LIB_CTX* context() const { return lean_.get(); }

 private:
  TlsLibrary() = default;
  bool load();

  LibraryContextHandle whole_;        // where the default provider stands
  OSSL_PROVIDER* default_ = nullptr;  // in whole_
  LibraryContextHandle lean_;
  OSSL_PROVIDER* filter_ = nullptr;  // in lean_
};

}  // namespace plumb::wire
