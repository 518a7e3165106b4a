#include "checks/mysql/auth.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>

#include "checks/mysql/packet.hpp"

namespace plumb::mysql {
namespace {

using wire::Bytes;
using wire::View;

// Empty if the digest is not available (a FIPS provider may lack SHA-1).
Bytes digest(const EVP_MD* method, std::initializer_list<View> parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  bool good = context && EVP_DigestInit_ex(context.get(), method, nullptr) == 1;
  for (const View part : parts)
    good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  Bytes result(static_cast<std::size_t>(EVP_MD_get_size(method)));
  good = good && EVP_DigestFinal_ex(context.get(), result.data(), nullptr) == 1;
  return good ? result : Bytes();
}

Bytes mix(Bytes secret, const Bytes& mask) {
  if (secret.size() != mask.size()) return {};
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] ^= mask[i];
  return secret;
}

Bytes native(View password, View nonce) {
  Bytes once = digest(EVP_sha1(), {password});
  Bytes twice = digest(EVP_sha1(), {once});
  const Bytes mask = digest(EVP_sha1(), {nonce, twice});
  OPENSSL_cleanse(twice.data(), twice.size());
  return mix(std::move(once), mask);
}

Bytes caching_sha2(View password, View nonce) {
  Bytes once = digest(EVP_sha256(), {password});
  Bytes twice = digest(EVP_sha256(), {once});
  const Bytes mask = digest(EVP_sha256(), {twice, nonce});
  OPENSSL_cleanse(twice.data(), twice.size());
  return mix(std::move(once), mask);
}

}  // namespace

Plugin plugin_of(std::string_view name) {
  if (name == "mysql_native_password") return Plugin::native;
  if (name == "caching_sha2_password") return Plugin::caching_sha2;
  return Plugin::unsupported;
}

Bytes scramble(Plugin plugin, const Secret& password, View nonce) {
  if (password.empty() || nonce.size() != kNonceSize) return {};
  const View text = wire::as_bytes(password.reveal());
  if (plugin == Plugin::native) return native(text, nonce);
  if (plugin == Plugin::caching_sha2) return caching_sha2(text, nonce);
  return {};
}

}  // namespace plumb::mysql
