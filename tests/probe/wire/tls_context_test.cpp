#include "probe/wire/tls_context.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/temporary_file.hpp"
#include "tests/support/test_pki.hpp"
#include "tests/support/tls_talk.hpp"

namespace plumb::wire {
namespace {

using test::context_of;
using test::good_chain;
using test::serving;
using test::test_pki;
using test::trusting_root;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One context for several connections, as a shard has it: the second meets a chain that is known.
struct Twice {
  Twice() : context(context_of(trusting_root())) {}

  TlsReport meet(const test::ServerOptions& options, const std::string& name) {
    test::TlsTalk talk(options, context, name);
    talk.shake();
    return talk.engine.report();
  }
  std::shared_ptr<const TlsContext> context;
};

TEST(TlsContext, AKnownChainForAnotherNameIsAMismatch) {
  Twice twice;
  EXPECT_EQ(twice.meet(serving(good_chain()), "db.example.com").failure, std::nullopt);
  const TlsReport other = twice.meet(serving(good_chain()), "other.example.com");
  EXPECT_EQ(twice.context->judge().reused(), 1u);
  EXPECT_EQ(other.failure, Failure::certificate_name_mismatch);
  EXPECT_EQ(other.facts.get_or(key::tls_name_checked, {}), "other.example.com");
  EXPECT_FALSE(other.facts.get_or(key::tls_name_ok, true));
  EXPECT_EQ(twice.meet(serving(good_chain()), "db.example.com").failure, std::nullopt);
}

// The leaf's public half, so that the server takes it for the leaf's key, and another private one.
std::shared_ptr<EVP_PKEY> forged_key_of(const test::Issued& leaf) {
  std::array<unsigned char, 133> point{};
  std::size_t length = 0;
  EVP_PKEY_get_octet_string_param(leaf.key.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                  point.size(), &length);
  BIGNUM* secret = nullptr;
  EVP_PKEY_get_bn_param(test::make_key("EC").get(), OSSL_PKEY_PARAM_PRIV_KEY, &secret);
  OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.data(), length);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret);
  OSSL_PARAM* const parts = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* making = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_fromdata_init(making);
  EVP_PKEY_fromdata(making, &key, EVP_PKEY_KEYPAIR, parts);
  EVP_PKEY_CTX_free(making);
  OSSL_PARAM_free(parts);
  OSSL_PARAM_BLD_free(build);
  BN_free(secret);
  return {key, EVP_PKEY_free};
}

TEST(TlsContext, AKnownChainWithoutItsKeyIsRefused) {
  Twice twice;
  EXPECT_EQ(twice.meet(serving(good_chain()), "db.example.com").failure, std::nullopt);
  auto stolen = good_chain();
  stolen[0].key = forged_key_of(stolen[0]);
  ASSERT_NE(stolen[0].key, nullptr);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsReport report = twice.meet(serving(stolen, version), "db.example.com");
    EXPECT_FALSE(report.completed);
    EXPECT_EQ(report.failure, Failure::tls_protocol);
    EXPECT_THAT(report.raw, HasSubstr("bad signature"));
    EXPECT_TRUE(report.chain_ok) << "the chain is a copy of a good one";
  }
}

std::vector<std::string> suites_of_tls13(const TlsContext& context) {
  std::vector<std::string> names;
  STACK_OF(SSL_CIPHER)* const suites = SSL_CTX_get_ciphers(context.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i)
    if (const std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i));
        name.starts_with("TLS_"))
      names.push_back(name);
  return names;
}

TEST(TlsContext, OffersTheSuitesOfTls13InTheOrderOfMysql) {
  for (const bool lean : {true, false})
    EXPECT_THAT(suites_of_tls13(*TlsContext::make({}, lean).context),
                ElementsAre("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                            "TLS_CHACHA20_POLY1305_SHA256"));
}

// OpenSSL reads its configuration once a process, hence another one.
TEST(TlsContextDeathTest, SuitesOfTheAdministratorStay) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::optional<support::TemporaryDirectory> directory(std::in_place);
  const std::string path = directory->write("openssl.cnf",
                                            "openssl_conf = all\n[all]\nssl_conf = ssl\n"
                                            "[ssl]\nsystem_default = tls\n[tls]\n"
                                            "Ciphersuites = TLS_CHACHA20_POLY1305_SHA256:"
                                            "TLS_AES_256_GCM_SHA384\n");
  setenv("OPENSSL_CONF", path.c_str(), 1);
  EXPECT_EXIT(
      {
        for (const bool lean : {true, false})
          for (const std::string& name : suites_of_tls13(*TlsContext::make({}, lean).context))
            std::cerr << name << ' ';
        directory.reset();
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "^(TLS_CHACHA20_POLY1305_SHA256 TLS_AES_256_GCM_SHA384 ){2}$");
  unsetenv("OPENSSL_CONF");
}

TEST(TlsContext, UnusualKeysAreMetAsInTheDefaultContext) {
  for (const char* type : {"RSA", "RSA-PSS", "P-384", "P-521", "secp256k1", "ED25519", "ED448"}) {
    test::Wanted wanted{.common_name = "db.example.com", .sans = {"DNS:db.example.com"}};
    wanted.key_type = type;
    const auto options =
        serving({test::issue(wanted, &test_pki().intermediate), test_pki().intermediate});
    std::vector<TlsReport> reports;
    for (const bool lean : {true, false}) {
      test::TlsTalk talk(options, TlsContext::make(trusting_root(), lean).context,
                         "db.example.com");
      talk.shake();
      reports.push_back(talk.engine.report());
    }
    EXPECT_EQ(reports[0].failure, reports[1].failure) << type;
    EXPECT_EQ(reports[0].raw, reports[1].raw) << type;
    EXPECT_EQ(reports[0].facts, reports[1].facts) << type;
    EXPECT_EQ(reports[0].completed, reports[1].completed) << type;
  }
}

}  // namespace
}  // namespace plumb::wire
