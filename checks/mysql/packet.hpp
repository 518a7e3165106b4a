// The packets of MySQL's connection phase, and no others: no library shows the greeting, the error
// packet in its place or the capability bits, and they are what a diagnosis reads.
//
//   frame       length (3, little endian) | sequence (1) | payload
//   greeting    0a | version NUL | thread id (4) | nonce (8) | 00 | caps low (2) | charset | status
//   (2)
//               | caps high (2) | nonce length | reserved (10) | nonce (max(13, length - 8)) |
//               plugin NUL
//   error       ff | number (2) | ['#' SQLSTATE (5)] | message
//
// The SQLSTATE marker is optional at any time: servers leave it out before they know our
// capabilities, and ApsaraDB puts its own (`#28000ip not in whitelist`) where there should be none.
// Source: MySQL internals manual "Connection Phase"; MariaDB knowledge base "Connecting".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "probe/wire/bytes.hpp"

namespace plumb::mysql {

inline constexpr std::size_t kMaxPayload =
    64 * 1024;  // no packet of the connection phase comes near
inline constexpr std::size_t kHeaderSize = 4;
inline constexpr std::size_t kNonceSize = 20;

namespace capability {
inline constexpr std::uint32_t kLongPassword =
    1;  // MariaDB: clear means extended capabilities follow
inline constexpr std::uint32_t kConnectWithDb = 1u << 3;
inline constexpr std::uint32_t kProtocol41 = 1u << 9;
inline constexpr std::uint32_t kSsl = 1u << 11;
inline constexpr std::uint32_t kTransactions = 1u << 13;
inline constexpr std::uint32_t kSecureConnection = 1u << 15;
inline constexpr std::uint32_t kPluginAuth = 1u << 19;
inline constexpr std::uint32_t kConnectAttrs = 1u << 20;
inline constexpr std::uint32_t kPluginAuthLenenc = 1u << 21;
}  // namespace capability

struct Packet {
  std::uint8_t sequence = 0;
  wire::Bytes payload;
};

struct Greeting {
  std::string version;  // as sent: untrusted
  std::uint32_t thread_id = 0;
  std::uint32_t capabilities = 0;
  std::uint32_t mariadb_capabilities = 0;
  std::uint16_t status = 0;
  wire::Bytes nonce;  // 20 bytes where the server follows the protocol
  std::string
      plugin;  // as sent: untrusted; mysql_native_password where the server knows no plugins

  bool offers(std::uint32_t bit) const { return (capabilities & bit) != 0; }
};

struct ServerError {
  std::uint16_t code = 0;
  std::string sqlstate;  // empty: no marker
  std::string text;      // printable and bounded
};

struct AuthSwitch {
  std::string plugin;  // as sent: untrusted
  wire::Bytes nonce;
};

// What the first payload byte says, once the greeting is over.
enum class Kind : std::uint8_t { ok, error, auth_switch, auth_more, unknown };
Kind kind_of(wire::View payload);

std::optional<Greeting> parse_greeting(wire::View payload);
std::optional<ServerError> parse_error(wire::View payload);
// The error packet that `first` begins with, also where it is cut.
std::optional<ServerError> error_in(wire::View first);
// Also the one-byte form, which asks for the password hash of before 4.1.
std::optional<AuthSwitch> parse_auth_switch(wire::View payload);

wire::Bytes frame(std::uint8_t sequence, wire::View payload);

// One set of bits for SSLRequest and HandshakeResponse41: servers differ in which of the two they
// believe.
std::uint32_t client_capabilities(const Greeting& greeting, bool tls, bool with_database);
wire::Bytes ssl_request(std::uint8_t sequence, std::uint32_t capabilities);

struct LoginRequest {
  std::uint32_t capabilities = 0;
  std::string_view user, database, plugin;
  wire::View auth_response;  // at most 250 bytes
};
wire::Bytes handshake_response(std::uint8_t sequence, const LoginRequest& request);
wire::Bytes com_quit();

}  // namespace plumb::mysql
