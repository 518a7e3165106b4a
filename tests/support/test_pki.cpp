#include "tests/support/test_pki.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "probe/model/rfc3339.hpp"

namespace plumb::test {
namespace {

using wire::BioHandle;
using wire::Bytes;
using wire::FreeWith;

void must(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("test PKI: ") + what);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  must(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension.get(), -1);
}

void name_subject(X509* certificate, const Wanted& wanted) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto add = [&](const char* field, const std::string& text) {
    if (!text.empty())
      X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(text.data()),
                                 static_cast<int>(text.size()), -1, 0);
  };
  add("O", wanted.organization);
  add("CN", wanted.common_name);
}

void set_dates(X509* certificate, const Wanted& wanted) {
  const std::time_t now = std::chrono::system_clock::to_time_t(noon());
  ASN1_TIME_adj(X509_getm_notBefore(certificate), now, wanted.days_before, 0);
  ASN1_TIME_adj(X509_getm_notAfter(certificate), now, wanted.days_after, 0);
}

std::string bio_text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

WallTime noon() { return *parse_rfc3339("2026-11-21T12:00:00Z"); }

std::string Issued::pem() const {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate.get());
  return bio_text(bio.get());
}

std::string Issued::key_pem() const {
  const BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return bio_text(bio.get());
}

Bytes Issued::der() const {
  Bytes bytes(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
  unsigned char* at = bytes.data();
  i2d_X509(certificate.get(), &at);
  return bytes;
}

std::shared_ptr<EVP_PKEY> make_key(const std::string& type) {
  EVP_PKEY* key = nullptr;
  if (type == "EC") key = EVP_EC_gen("P-256");
  if (type.starts_with("RSA")) {
    const std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>> context(
        EVP_PKEY_CTX_new_from_name(nullptr, type.c_str(), nullptr));
    EVP_PKEY_keygen_init(context.get());
    EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048);
    EVP_PKEY_generate(context.get(), &key);
  }
  if (!key && (type.starts_with("ED") || type.starts_with("X")))
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, type.c_str());
  if (!key) key = EVP_EC_gen(type.c_str());
  must(key != nullptr, "no key");
  return {key, EVP_PKEY_free};
}

Issued issue(const Wanted& wanted, const Issued* issuer) {
  Issued issued{{X509_new(), X509_free}, wanted.key ? wanted.key : make_key(wanted.key_type)};
  X509* certificate = issued.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  static std::atomic<long> serial{1};
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  name_subject(certificate, wanted);
  X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer->certificate.get())
                                           : X509_get_subject_name(certificate));
  set_dates(certificate, wanted);
  X509_set_pubkey(certificate, issued.key.get());
  add_extension(certificate, NID_basic_constraints,
                wanted.ca ? "critical,CA:TRUE" + wanted.constraints : "CA:FALSE");
  for (const auto& [nid, text] : wanted.extensions) add_extension(certificate, nid, text);
  std::string sans;
  for (const std::string& san : wanted.sans) sans += (sans.empty() ? "" : ",") + san;
  if (!sans.empty()) add_extension(certificate, NID_subject_alt_name, sans);
  EVP_PKEY* signer = issuer ? issuer->key.get() : issued.key.get();
  const EVP_MD* digest = EVP_PKEY_is_a(signer, "ED25519") || EVP_PKEY_is_a(signer, "ED448")
                             ? nullptr
                             : EVP_get_digestbyname(wanted.digest);
  must(X509_sign(certificate, signer, digest) > 0, "not signed");
  return issued;
}

const TestPki& test_pki() {
  static const TestPki pki = [] {
    TestPki made;
    Wanted ca{.common_name = "Test Root",
              .sans = {},
              .ca = true,
              .days_before = -400,
              .days_after = 4000};
    made.root = issue(ca);
    ca.common_name = "Test Intermediate";
    ca.days_after = 2000;
    made.intermediate = issue(ca, &made.root);
    made.leaf = issue({.common_name = "db.example.com", .sans = {"DNS:db.example.com"}},
                      &made.intermediate);
    return made;
  }();
  return pki;
}

Issued leaf_for(std::vector<std::string> sans, int days_before, int days_after) {
  return issue({.common_name = "leaf",
                .sans = std::move(sans),
                .days_before = days_before,
                .days_after = days_after},
               &test_pki().intermediate);
}

TlsServer::TlsServer(const ServerOptions& options) : context_(SSL_CTX_new(TLS_server_method())) {
  SSL_CTX* context = context_.get();
  // Level 0, so that it can speak TLS 1.1 and speak badly.
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, options.min_version ? options.min_version : TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  if (!options.ciphers.empty())
    must(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1, "cipher list");
  must(!options.chain.empty(), "a server needs a certificate");
  SSL_CTX_use_certificate(context, options.chain[0].certificate.get());
  SSL_CTX_use_PrivateKey(context, options.chain[0].key.get());
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  for (std::size_t i = 1; i < options.chain.size(); ++i)
    SSL_CTX_add1_chain_cert(context, options.chain[i].certificate.get());
  if (options.demand_client_certificate)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  if (options.client_ca) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), options.client_ca->certificate.get());
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                               std::chrono::system_clock::to_time_t(noon()));
  }
  ssl_.reset(SSL_new(context));
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(ssl_.get());
}

void TlsServer::feed(wire::View from_client) {
  if (!from_client.empty())
    BIO_write(SSL_get_rbio(ssl_.get()), from_client.data(), static_cast<int>(from_client.size()));
}

Bytes TlsServer::drain() {
  Bytes bytes(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())));
  if (!bytes.empty())
    BIO_read(SSL_get_wbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Bytes TlsServer::step() {
  if (!done_) done_ = SSL_do_handshake(ssl_.get()) == 1;
  ERR_clear_error();
  return drain();
}

Bytes TlsServer::send(wire::View plain) {
  std::size_t written = 0;
  SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written);
  ERR_clear_error();
  return drain();
}

Bytes TlsServer::received() {
  Bytes plain;
  std::array<std::uint8_t, 4096> part{};
  std::size_t count = 0;
  while (SSL_read_ex(ssl_.get(), part.data(), part.size(), &count) == 1)
    plain.insert(plain.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
  ERR_clear_error();
  return plain;
}

Bytes TlsServer::close_notify() {
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
  return drain();
}

}  // namespace plumb::test
