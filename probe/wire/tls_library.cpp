#include "probe/wire/tls_library.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string_view>
#include <vector>

namespace plumb::wire {
namespace {

using Query = OSSL_FUNC_provider_query_operation_fn;
using Capabilities = OSSL_FUNC_provider_get_capabilities_fn;

// The provider context that the filter being loaded by this thread stands for. OpenSSL calls the
// entry of a built-in provider within OSSL_PROVIDER_load and passes it no pointer of ours.
thread_local void* t_wrapped = nullptr;

bool has(const char* text, std::string_view part) {
  return std::string_view(text).find(part) != std::string_view::npos;
}

bool is_one_of(const char* names, std::initializer_list<std::string_view> known) {
  const std::string_view all(names);
  return std::find(known.begin(), known.end(), all.substr(0, all.find(':'))) != known.end();
}

// A key that a TLS server can sign a handshake with.
bool is_a_servers(const OSSL_ALGORITHM& key) {
  return is_one_of(key.algorithm_names, {"RSA", "RSA-PSS", "EC", "ED25519", "ED448"});
}

bool reads_a_key(const OSSL_ALGORITHM& decoder) {
  return has(decoder.property_definition, "input=der") &&
         has(decoder.property_definition, "structure=SubjectPublicKeyInfo") &&
         is_a_servers(decoder);
}

// Or one that keys are agreed on with.
bool is_in_handshakes(const OSSL_ALGORITHM& key) {
  return is_a_servers(key) || is_one_of(key.algorithm_names, {"X25519", "X448", "DH"});
}

// All that libssl has a suite for, in whatever list of suites; tests hold both contexts' lists of
// all suites against each other. Not the ciphers that are AES-CBC and HMAC in one pass: without
// them libssl takes the two.
bool is_for_a_suite(const OSSL_ALGORITHM& cipher) {
  return is_one_of(
      cipher.algorithm_names,
      {"NULL", "DES-EDE3-CBC", "AES-128-CBC", "AES-256-CBC", "AES-128-GCM", "AES-256-GCM",
       "AES-128-CCM", "AES-256-CCM", "ARIA-128-GCM", "ARIA-256-GCM", "CAMELLIA-128-CBC",
       "CAMELLIA-256-CBC", "ChaCha20-Poly1305"});
}

bool is_in_tls(const OSSL_ALGORITHM& derived) {
  return is_one_of(derived.algorithm_names, {"HMAC", "HKDF", "TLS13-KDF", "TLS1-PRF"});
}

bool hashes_for_tls(const OSSL_ALGORITHM& digest) {
  return is_one_of(digest.algorithm_names,
                   {"MD5", "MD5-SHA1", "SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"});
}

// DSA, whose keys are not read here, is asked for when suites are listed.
bool signs(const OSSL_ALGORITHM& signature) {
  return is_one_of(signature.algorithm_names, {"RSA", "ECDSA", "ED25519", "ED448", "DSA"});
}

bool agrees_on_keys(const OSSL_ALGORITHM& exchange) {
  return is_one_of(exchange.algorithm_names, {"DH", "ECDH", "X25519", "X448"});
}

// What OpenSSL takes where no configuration says otherwise, and what seeds it.
bool is_usual_random(const OSSL_ALGORITHM& generator) {
  return is_one_of(generator.algorithm_names, {"CTR-DRBG", "SEED-SRC"});
}

using Table = std::vector<OSSL_ALGORITHM>;  // ends with an entry without names

Table filtered(const OSSL_ALGORITHM* from, bool (*wanted)(const OSSL_ALGORITHM&)) {
  Table table;
  for (; from && from->algorithm_names; ++from)
    if (wanted(*from)) table.push_back(*from);
  table.push_back({nullptr, nullptr, nullptr, nullptr});
  return table;
}

// What is shown of the default provider: its functions and tables are constants of the library, the
// same in every context, so this is made once and never changes.
struct Shown {
  explicit Shown(const OSSL_PROVIDER* whole) {
    for (const OSSL_DISPATCH* at = OSSL_PROVIDER_get0_dispatch(whole); at && at->function_id;
         ++at) {
      if (at->function_id == OSSL_FUNC_PROVIDER_QUERY_OPERATION)
        query = reinterpret_cast<Query*>(at->function);
      if (at->function_id == OSSL_FUNC_PROVIDER_GET_CAPABILITIES)
        capabilities = reinterpret_cast<Capabilities*>(at->function);
    }
    if (!query || !capabilities) return;
    void* const context = OSSL_PROVIDER_get0_provider_ctx(whole);
    int no_cache = 0;
    const auto show = [&](int operation, bool (*wanted)(const OSSL_ALGORITHM&)) {
      tables[operation] = filtered(query(context, operation, &no_cache), wanted);
    };
    show(OSSL_OP_DECODER, reads_a_key);
    show(OSSL_OP_KEYMGMT, is_in_handshakes);
    show(OSSL_OP_CIPHER, is_for_a_suite);
    show(OSSL_OP_MAC, is_in_tls);
    show(OSSL_OP_KDF, is_in_tls);
    show(OSSL_OP_DIGEST, hashes_for_tls);
    show(OSSL_OP_SIGNATURE, signs);
    show(OSSL_OP_KEYEXCH, agrees_on_keys);
    show(OSSL_OP_RAND, is_usual_random);
    tables[OSSL_OP_ENCODER] = tables[OSSL_OP_STORE] = filtered(nullptr, nullptr);
  }
  bool usable() const { return !tables.empty(); }

  Query* query = nullptr;
  Capabilities* capabilities = nullptr;
  std::map<int, Table> tables;  // of other operations all is shown
};

const Shown& shown(const OSSL_PROVIDER* whole = nullptr) {
  static const Shown made(whole);
  return made;
}

const OSSL_ALGORITHM* query_operation(void* provider, int operation, int* no_cache) {
  *no_cache = 0;
  const auto table = shown().tables.find(operation);
  if (table != shown().tables.end()) return table->second.data();
  return shown().query(provider, operation, no_cache);
}

int get_capabilities(void* provider, const char* capability, OSSL_CALLBACK* take, void* with) {
  return shown().capabilities(provider, capability, take, with);
}

// The default provider's context is handed out as ours: OpenSSL passes it to the functions of the
// algorithms, and these are the default provider's.
int load_filter(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** out,
                void** provider) {
  static const OSSL_DISPATCH functions[] = {
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, reinterpret_cast<void (*)()>(query_operation)},
      {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, reinterpret_cast<void (*)()>(get_capabilities)},
      {0, nullptr}};
  *out = functions;
  *provider = t_wrapped;
  return t_wrapped ? 1 : 0;
}

int is_default(OSSL_PROVIDER* provider, void*) {
  return std::string_view(OSSL_PROVIDER_get0_name(provider)) == "default" ? 1 : 0;
}

bool only_the_default_provider() {
  // Asking for something fetches: that is when openssl.cnf is read and providers come to be.
  const std::unique_ptr<EVP_MD, FreeWith<EVP_MD_free>> any(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  return any && OSSL_PROVIDER_do_all(nullptr, is_default, nullptr) == 1 &&
         EVP_default_properties_is_fips_enabled(nullptr) == 0;
}

}  // namespace

std::shared_ptr<const TlsLibrary> TlsLibrary::make() {
  std::shared_ptr<TlsLibrary> library(new TlsLibrary());
  const bool usable = only_the_default_provider() && library->load();
  ERR_clear_error();
  return usable ? library : nullptr;
}

bool TlsLibrary::load() {
  whole_.reset(OSSL_LIB_CTX_new());
  lean_.reset(OSSL_LIB_CTX_new());
  if (!whole_ || !lean_) return false;
  default_ = OSSL_PROVIDER_load(whole_.get(), "default");
  if (!default_ || !shown(default_).usable()) return false;
  if (OSSL_PROVIDER_add_builtin(lean_.get(), "certificates", load_filter) != 1) return false;
  t_wrapped = OSSL_PROVIDER_get0_provider_ctx(default_);
  filter_ = OSSL_PROVIDER_load(lean_.get(), "certificates");
  t_wrapped = nullptr;
  return filter_ != nullptr;
}

TlsLibrary::~TlsLibrary() {
  if (filter_) OSSL_PROVIDER_unload(filter_);
  lean_.reset();
  if (default_) OSSL_PROVIDER_unload(default_);
}

}  // namespace plumb::wire
