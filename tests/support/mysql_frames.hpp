// What a MySQL server puts on the wire in the connection phase, and what it reads of ours.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "probe/wire/bytes.hpp"

namespace plumb::test {

inline constexpr std::uint32_t kPlainCaps = 0xDFFFF7FF;  // MySQL 8 without TLS
inline constexpr std::uint32_t kTlsCaps = 0xDFFFFFFF;
inline constexpr std::uint32_t kMariaDbCaps = 0x81FFF7FE;

wire::Bytes mysql_packet(std::uint8_t sequence, wire::View payload);
wire::Bytes nonce();        // 20 bytes, as the greeting below gives them
wire::Bytes other_nonce();  // 20 bytes, as auth_switch() gives them

class GreetingFrame {
 public:
  GreetingFrame& version(std::string text) { return version_ = std::move(text), *this; }
  GreetingFrame& plugin(std::string name) { return plugin_ = std::move(name), *this; }
  GreetingFrame& caps(std::uint32_t bits) { return caps_ = bits, *this; }
  GreetingFrame& extended(std::uint32_t bits) { return extended_ = bits, *this; }
  wire::Bytes payload() const;
  wire::Bytes bytes() const { return mysql_packet(0, payload()); }

 private:
  std::string version_ = "8.4.2";
  std::string plugin_ = "caching_sha2_password";
  std::uint32_t caps_ = kPlainCaps;
  std::uint32_t extended_ = 0;
};

wire::Bytes err(std::uint8_t sequence, std::uint16_t code, std::string_view text,
                std::string_view sqlstate = {});
wire::Bytes ok(std::uint8_t sequence);
wire::Bytes auth_switch(std::uint8_t sequence, std::string_view plugin);
wire::Bytes auth_more(std::uint8_t sequence, std::uint8_t what);

// A HandshakeResponse41 as a server reads it.
struct ClientLogin {
  bool whole = false;
  std::uint8_t sequence = 0;
  std::uint32_t capabilities = 0;
  std::uint8_t charset = 0;
  std::string user, database, plugin;
  wire::Bytes proof;
  std::map<std::string, std::string> attributes;
};
ClientLogin read_client_login(wire::View packet);

}  // namespace plumb::test
