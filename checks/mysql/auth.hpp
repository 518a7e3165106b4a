// The scrambles: proofs of a password that do not carry it.
//   mysql_native_password   SHA1(p) xor SHA1(nonce + SHA1(SHA1(p)))
//   caching_sha2_password   SHA256(p) xor SHA256(SHA256(SHA256(p)) + nonce)   (fast path)
// Source: MySQL internals manual "Authentication Methods".
#pragma once

#include <cstdint>
#include <string_view>

#include "probe/model/secret.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::mysql {

enum class Plugin : std::uint8_t { native, caching_sha2, unsupported };
Plugin plugin_of(std::string_view name);

// Empty for an empty password, for a nonce that is not 20 bytes long, and for an unsupported
// plugin.
wire::Bytes scramble(Plugin plugin, const Secret& password, wire::View nonce);

}  // namespace plumb::mysql
