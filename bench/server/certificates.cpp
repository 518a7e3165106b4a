#include "bench/server/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "bench/addresses.hpp"

namespace plumb::bench {
namespace {

using Extensions = std::vector<std::pair<int, std::string>>;

constexpr long kDay = 24 * 60 * 60;

void must(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

KeyHandle make_key(KeyType type, std::size_t rsa_bits) {
  KeyHandle key(type == KeyType::rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                                     : EVP_EC_gen("P-256"));
  must(key != nullptr, "no key");
  return key;
}

void extend(X509* certificate, X509* issuer, const Extensions& extensions) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (const auto& [nid, value] : extensions) {
    const std::unique_ptr<X509_EXTENSION, wire::FreeWith<X509_EXTENSION_free>> made(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    must(made && X509_add_ext(certificate, made.get(), -1) == 1, value.c_str());
  }
}

// issuer: null for a root, which signs itself.
wire::X509Handle issue(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* signer,
                       const Extensions& extensions) {
  static long serial = 1;
  wire::X509Handle made(X509_new());
  X509* certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate));
  X509_gmtime_adj(X509_getm_notBefore(certificate), -30 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 60 * kDay);
  X509_set_pubkey(certificate, key);
  extend(certificate, issuer ? issuer : certificate, extensions);
  must(X509_sign(certificate, signer, EVP_sha256()) > 0, "not signed");
  return made;
}

Extensions of_authority() {
  return {{NID_basic_constraints, "critical,CA:TRUE"},
          {NID_key_usage, "critical,keyCertSign,cRLSign"},
          {NID_subject_key_identifier, "hash"},
          {NID_authority_key_identifier, "keyid"}};
}

Extensions of_server(const std::string& name) {
  return {
      {NID_key_usage, "critical,digitalSignature"}, {NID_ext_key_usage, "serverAuth,clientAuth"},
      {NID_basic_constraints, "critical,CA:FALSE"}, {NID_subject_key_identifier, "hash"},
      {NID_authority_key_identifier, "keyid"},      {NID_subject_alt_name, "DNS:" + name}};
}

}  // namespace

Certificates::Certificates(Shape shape, KeyType type)
    : shape_(shape), context_(SSL_CTX_new(TLS_server_method())) {
  root_key_ = make_key(type, 4096);
  intermediate_key_ = make_key(type, 2048);
  for (KeyHandle& key : leaf_keys_) key = make_key(type, 2048);
  Extensions root = of_authority();
  root.pop_back();  // a root names no authority above it
  root_ = issue("Bench Root", root_key_.get(), nullptr, root_key_.get(), root);
  intermediate_ = issue("Bench Intermediate", intermediate_key_.get(), root_.get(), root_key_.get(),
                        of_authority());
  SSL_CTX_set_cert_cb(context_.get(), choose, this);
}

std::string Certificates::root_pem() const {
  const wire::BioHandle bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), root_.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

const Certificates::Shown& Certificates::shown_for(const std::string& name) {
  const auto known = shown_.find(name);
  if (known != shown_.end()) return known->second;
  EVP_PKEY* key = leaf_keys_[shown_.size() % leaf_keys_.size()].get();
  Shown made{issue(name, key, intermediate_.get(), intermediate_key_.get(), of_server(name)), key};
  return shown_.emplace(name, std::move(made)).first->second;
}

int Certificates::choose(SSL* ssl, void* self) {
  auto* own = static_cast<Certificates*>(self);
  const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const bool wildcard = own->shape_ == Shape::wildcard || asked == nullptr;
  const Shown& shown = own->shown_for(wildcard ? std::string("*.") + kDomain : asked);
  const wire::X509StackHandle chain(sk_X509_new_null());
  X509_up_ref(own->intermediate_.get());
  sk_X509_push(chain.get(), own->intermediate_.get());
  return SSL_use_cert_and_key(ssl, shown.certificate.get(), shown.key, chain.get(), 1);
}

}  // namespace plumb::bench
