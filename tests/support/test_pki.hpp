// A certificate factory and an in-process TLS server over memory BIOs: what a handshake test needs,
// without a port, a file or a wait. EC keys, so that a hierarchy costs a millisecond.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/model/observation.hpp"
#include "probe/wire/bytes.hpp"
#include "probe/wire/certificate_handle.hpp"

namespace plumb::test {

WallTime noon();  // 2026-11-21T12:00:00Z: "now" of every test

struct Issued {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
  std::string pem() const;
  std::string key_pem() const;
  wire::Bytes der() const;
};

struct Wanted {
  std::string common_name;
  std::string organization = "Plumb Test";
  std::vector<std::string> sans{};  // "DNS:db.example.com", "IP:10.0.0.1"
  bool ca = false;
  int days_before = -30;  // from noon()
  int days_after = 60;
  std::string key_type = "EC";  // "EC" (P-256), another curve, "RSA", "RSA-PSS", "ED25519", "ED448"
  std::shared_ptr<EVP_PKEY> key{};  // an authority's that is signed once more; null: a new one
  std::string constraints = "";     // of an authority: ",pathlen:0"
  std::vector<std::pair<int, std::string>> extensions{};  // NID, OpenSSL's text
  const char* digest = "SHA256";  // of the signature; Ed25519 and Ed448 have their own
};

std::shared_ptr<EVP_PKEY> make_key(const std::string& type);         // as key_type
Issued issue(const Wanted& wanted, const Issued* issuer = nullptr);  // null: self-signed

// A root, an intermediate below it, and a leaf for db.example.com below that.
struct TestPki {
  Issued root, intermediate, leaf;
};
const TestPki& test_pki();  // made once per process
// A leaf of test_pki()'s intermediate.
Issued leaf_for(std::vector<std::string> sans, int days_before = -30, int days_after = 60);

struct ServerOptions {
  std::vector<Issued> chain;             // leaf first; the leaf's key is used
  int min_version = 0, max_version = 0;  // TLS1_2_VERSION …; 0: any from TLS 1.0
  std::string ciphers;                   // TLS 1.2 list; empty: the default
  bool demand_client_certificate = false;
  const Issued* client_ca = nullptr;
};

class TlsServer {
 public:
  explicit TlsServer(const ServerOptions& options);
  void feed(wire::View from_client);
  wire::Bytes step();  // goes on as far as it can; what is to be sent
  wire::Bytes send(wire::View plain);
  wire::Bytes received();  // application data
  wire::Bytes close_notify();
  bool done() const { return done_; }

 private:
  wire::Bytes drain();
  wire::SslContextHandle context_;
  wire::SslHandle ssl_;
  bool done_ = false;
};

}  // namespace plumb::test
