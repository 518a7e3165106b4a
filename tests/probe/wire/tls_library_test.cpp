#include "probe/wire/tls_library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>
#include <thread>
#include <vector>

#include "probe/wire/certificate.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

test::Issued self_signed(const std::string& key_type) {
  test::Wanted wanted{.common_name = "of " + key_type};
  wanted.key_type = key_type;
  return test::issue(wanted);
}

TEST(TlsLibrary, ReadsEveryKeyAsTheDefaultContextDoes) {
  const auto library = TlsLibrary::make();
  ASSERT_NE(library, nullptr);
  for (const char* type : {"RSA", "RSA-PSS", "EC", "P-384", "P-521", "secp256k1", "brainpoolP256r1",
                           "ED25519", "ED448"}) {
    const auto issued = self_signed(type);
    const X509Handle lean = decode_in(library->context(), *issued.certificate);
    const X509Handle usual = decode_in(nullptr, *issued.certificate);
    ASSERT_NE(X509_get0_pubkey(lean.get()), nullptr) << type;
    EXPECT_EQ(chain_row(text_of(*lean)), chain_row(text_of(*usual))) << type;
    EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(lean.get()), X509_get0_pubkey(usual.get())), 1) << type;
    EXPECT_EQ(X509_verify(lean.get(), X509_get0_pubkey(lean.get())), 1) << type;
    EXPECT_EQ(X509_verify(lean.get(), X509_get0_pubkey(usual.get())), 1) << type << ", mixed";
  }
}

TEST(TlsLibrary, LeavesSm2ToTheDefaultContext) {
  const auto library = TlsLibrary::make();
  ASSERT_NE(library, nullptr);
  test::Wanted wanted{.common_name = "of SM2"};
  wanted.key = test::make_key("SM2");
  const auto issued = test::issue(wanted, &test::test_pki().intermediate);
  EXPECT_EQ(X509_get0_pubkey(decode_in(library->context(), *issued.certificate).get()), nullptr);
  EXPECT_NE(X509_get0_pubkey(decode_in(nullptr, *issued.certificate).get()), nullptr);
}

std::vector<std::string> ciphers_of(SSL_CTX* context) {
  std::vector<std::string> names;
  STACK_OF(SSL_CIPHER)* const ciphers = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
    names.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)));
  return names;
}

constexpr char kAllOfTls13[] =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
    "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";

// The system's openssl.cnf sets levels and suites; they must not be lost with another context.
TEST(TlsLibrary, OffersWhatTheDefaultContextOffers) {
  const auto library = TlsLibrary::make();
  ASSERT_NE(library, nullptr);
  const SslContextHandle lean(SSL_CTX_new_ex(library->context(), nullptr, TLS_client_method()));
  const SslContextHandle usual(SSL_CTX_new(TLS_client_method()));
  ASSERT_NE(lean, nullptr);
  EXPECT_EQ(SSL_CTX_get_security_level(lean.get()), SSL_CTX_get_security_level(usual.get()));
  EXPECT_EQ(ciphers_of(lean.get()), ciphers_of(usual.get()));
  for (SSL_CTX* context : {lean.get(), usual.get()})
    ASSERT_EQ(SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:@SECLEVEL=0"), 1);
  EXPECT_EQ(ciphers_of(lean.get()), ciphers_of(usual.get())) << "of all that there are";
  for (SSL_CTX* context : {lean.get(), usual.get()})
    ASSERT_EQ(SSL_CTX_set_ciphersuites(context, kAllOfTls13), 1);
  EXPECT_EQ(ciphers_of(lean.get()), ciphers_of(usual.get()));
  EXPECT_EQ(SSL_CTX_get_min_proto_version(lean.get()), SSL_CTX_get_min_proto_version(usual.get()));
  EXPECT_EQ(SSL_CTX_get_max_proto_version(lean.get()), SSL_CTX_get_max_proto_version(usual.get()));
  EXPECT_EQ(SSL_CTX_get_options(lean.get()), SSL_CTX_get_options(usual.get()));
}

TEST(TlsLibrary, EachThreadHasItsOwn) {
  const auto work = [] {
    const auto library = TlsLibrary::make();
    ASSERT_NE(library, nullptr);
    for (int i = 0; i < 20; ++i) {
      const X509Handle read =
          decode_in(library->context(), *test::test_pki().intermediate.certificate);
      EXPECT_EQ(text_of(*read).key, "EC-P-256");
    }
  };
  test::test_pki();
  std::thread one(work), other(work);
  one.join();
  other.join();
}

}  // namespace
}  // namespace plumb::wire
