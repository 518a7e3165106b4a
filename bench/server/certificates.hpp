// What the server shows for a name: one wildcard certificate for all, or one of its own for each, under the
// same intermediate below the same root.
//
// A name's certificate is made when it is first asked for and kept; the leaves share a few keys, for a key
// of its own would cost an RSA name a second. To a client they are a thousand certificates: serial, name and
// signature differ, so none can be mistaken for another. RSA is 2048 bits under a root of 4096, as ISRG X1
// is; ECDSA is P-256 throughout. Keys live and die with the process.
#pragma once

#include <array>
#include <string>
#include <unordered_map>

#include "probe/wire/certificate_handle.hpp"

namespace plumb::bench {

using KeyHandle = std::unique_ptr<EVP_PKEY, wire::FreeWith<EVP_PKEY_free>>;

enum class Shape { wildcard, own };
enum class KeyType { rsa, ecdsa };

class Certificates {
 public:
  Certificates(Shape shape, KeyType type);
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string root_pem() const;
  SSL_CTX* context() const { return context_.get(); }

 private:
  struct Shown {
    wire::X509Handle certificate;
    EVP_PKEY* key = nullptr;
  };
  static int choose(SSL* ssl, void* self);
  const Shown& shown_for(const std::string& name);

  Shape shape_;
  KeyHandle root_key_, intermediate_key_;
  std::array<KeyHandle, 4> leaf_keys_;
  wire::X509Handle root_, intermediate_;
  std::unordered_map<std::string, Shown> shown_;
  wire::SslContextHandle context_;
};

}  // namespace plumb::bench
