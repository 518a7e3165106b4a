// The login, from HandshakeResponse41 to OK or ERR: always to its end, because a connection left in
// the middle counts against the client's host.
//
//   caching_sha2, fast:  scramble ──► 01 03 ──► OK
//   caching_sha2, full:  scramble ──► 01 04 ──► password NUL (inside TLS) ──► OK
//   any plugin:          … ──► fe plugin nonce ──► scramble ──► OK | ERR
//
// What we cannot or must not answer (a plugin we do not serve, the password itself without TLS) is
// answered by a packet that proves nothing: the server then ends the login with an error. An anonymous login
// sends nothing else. The password itself leaves for caching_sha2_password within TLS only, once;
// never for mysql_clear_password. Whether the channel is good enough for an account at all is
// decided before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checks/mysql/auth.hpp"
#include "checks/mysql/packet.hpp"
#include "probe/model/fact.hpp"
#include "probe/model/secret.hpp"
#include "probe/model/vocabulary.hpp"
#include "probe/wire/exchange.hpp"

namespace plumb::mysql {

class LoginDialogue {
 public:
  enum class Step : std::uint8_t { answer, listen, over, malformed };
  struct Turn {
    Step step = Step::malformed;
    wire::Bytes bytes;  // of an answer
  };

  LoginDialogue(Login who, const Greeting& greeting, std::uint32_t capabilities, bool tls);

  wire::Bytes open(std::uint8_t sequence);
  Turn on_packet(const Packet& packet);

  bool accepted() const { return verdict_ == wire::LoginAnswer::Verdict::accepted; }
  bool as_account() const { return who_.is_account; }
  wire::LoginAnswer::Verdict verdict() const { return verdict_; }
  const Facts& facts() const { return facts_; }
  Facts take_facts() { return std::move(facts_); }
  const std::optional<Failure>& failure() const { return failure_; }
  const std::string& raw() const { return raw_; }

 private:
  Turn on_switch(const Packet& packet);
  Turn on_more(const Packet& packet);
  Turn on_error(const Packet& packet);
  Turn on_full_authentication(std::uint8_t sequence);
  Turn answer(std::uint8_t sequence, wire::Bytes payload, std::string_view path);
  wire::Bytes proof(wire::View nonce) const;

  Login who_;
  wire::Bytes nonce_;        // of the greeting
  std::string_view flavor_;  // what the greeting looks like; a constant
  std::uint32_t capabilities_;
  bool tls_;
  Plugin plugin_;
  bool password_sent_ = false;
  wire::LoginAnswer::Verdict verdict_ = wire::LoginAnswer::Verdict::other;
  Facts facts_;
  std::optional<Failure> failure_;
  std::string raw_;
};

// Facts and words of an error packet, the same in every phase.
void record(const ServerError& error, Facts& facts, std::string& raw);

}  // namespace plumb::mysql
