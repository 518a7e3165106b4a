#include "probe/wire/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "probe/model/printable.hpp"

namespace plumb::wire {
namespace {

// Stands in for the built-in verification, which would be done twice and stop at the first fault.
int keep_certificates(X509_STORE_CTX* chain, void*) {
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* witness = static_cast<TlsWitness*>(SSL_get_app_data(ssl));
  if (STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(chain))
    witness->sent.reset(X509_chain_up_ref(sent));
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  return 1;
}

// OpenSSL's default order of TLS 1.3, and the one that MySQL's own client offers (9.7, seen on the wire;
// Connector/C of MariaDB offers OpenSSL's): with AES-128 first, so that what is negotiated here is what
// `\s` shows there, and a handshake has SHA-256 to compute in place of SHA-384.
constexpr std::array<std::uint16_t, 3> kOpensslOrder{0x1302, 0x1303, 0x1301};
constexpr char kMysqlOrder[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

// Only the order: suites that openssl.cnf names are the administrator's, and stay as they are.
void offer_as_mysql_does(SSL_CTX* context) {
  std::vector<std::uint16_t> offered;
  const STACK_OF(SSL_CIPHER)* const suites = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
    const std::uint16_t id = SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(suites, i));
    if (id >> 8 == 0x13) offered.push_back(id);
  }
  if (std::ranges::equal(offered, kOpensslOrder)) SSL_CTX_set_ciphersuites(context, kMysqlOrder);
}

int refuse_password(char*, int, int, void*) { return -1; }

std::string use_client_certificate(SSL_CTX* context, const TlsSettings& settings) {
  const std::string& certificate = settings.client_certificate_file;
  const std::string& key =
      settings.client_key_file.empty() ? certificate : settings.client_key_file;
  if (certificate.empty())
    return settings.client_key_file.empty() ? "" : "a client key without a client certificate";
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb(context, refuse_password);
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return "cannot use client certificate " + printable(certificate) + ": " + openssl_error();
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return "cannot use client key " + printable(key) + ": " + openssl_error();
  return "";
}

}  // namespace

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  std::array<char, 256> text{};
  if (code != 0) ERR_error_string_n(code, text.data(), text.size());
  return printable(text.data());
}

TlsContext::TlsContext(std::shared_ptr<const TlsLibrary> library, SslContextHandle context,
                       std::shared_ptr<const Trust> trust)
    : library_(std::move(library)),
      context_(std::move(context)),
      trust_(std::move(trust)),
      judge_(std::make_unique<ChainJudge>(trust_, library_)) {}

MadeTlsContext TlsContext::make(const TlsSettings& settings, bool lean) {
  // A key in a file may be in a form that the lean library does not read.
  const bool own_key = !settings.client_certificate_file.empty();
  std::shared_ptr<const TlsLibrary> library = lean && !own_key ? TlsLibrary::make() : nullptr;
  OSSL_LIB_CTX* const in = library ? library->context() : nullptr;
  SslContextHandle context(SSL_CTX_new_ex(in, nullptr, TLS_client_method()));
  if (!context) return {nullptr, "OpenSSL gives no TLS client: " + openssl_error()};
  offer_as_mysql_does(context.get());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), keep_certificates, nullptr);
  const std::string error = use_client_certificate(context.get(), settings);
  ERR_clear_error();
  if (!error.empty()) return {nullptr, error};
  return {std::shared_ptr<const TlsContext>(
              new TlsContext(std::move(library), std::move(context), settings.trust)),
          ""};
}

}  // namespace plumb::wire
