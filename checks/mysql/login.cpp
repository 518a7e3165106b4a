#include "checks/mysql/login.hpp"

#include <string_view>
#include <utility>

#include "checks/mysql/facts.hpp"
#include "checks/mysql/fingerprint.hpp"
#include "checks/mysql/refusal.hpp"
#include "probe/model/printable.hpp"

namespace plumb::mysql {
namespace {

using wire::Bytes;
using Verdict = wire::LoginAnswer::Verdict;

constexpr std::size_t kNameLimit = 64;
constexpr std::uint8_t kFastAuthSuccess = 3;
constexpr std::uint8_t kFullAuthentication = 4;

// An unknown default plugin is met with one that is known: the server then names the account's own.
Plugin opening_plugin(const Greeting& greeting) {
  const Plugin plugin = plugin_of(greeting.plugin);
  return plugin == Plugin::unsupported ? Plugin::native : plugin;
}

std::string_view name_of(Plugin plugin) {
  return plugin == Plugin::caching_sha2 ? "caching_sha2_password" : "mysql_native_password";
}

// What we cannot prove is answered with bytes of no meaning, so that the server says its ERR. They
// must be as many as the plugin reads: MariaDB takes any other length for a broken handshake and
// counts it against the host (tests/lab, harm_test), and it shows the plugin of some account to
// users it does not know.
Bytes answer_without_proof(std::string_view plugin) {
  constexpr std::size_t kEd25519Signature = 64;  // MariaDB, plugin/auth_ed25519/server_ed25519.c
  return plugin == "client_ed25519" ? Bytes(kEd25519Signature) : Bytes();
}

std::string_view path_of(Plugin plugin, const Bytes& proof) {
  if (proof.empty()) return "empty";
  return plugin == Plugin::caching_sha2 ? "fast" : "native";
}

}  // namespace

void record(const ServerError& error, Facts& facts, std::string& raw) {
  facts.set(key::error_code, static_cast<std::int64_t>(error.code));
  if (!error.sqlstate.empty()) facts.set(key::sqlstate, error.sqlstate);
  facts.set(key::error_text, error.text);
  raw = "ERROR " + std::to_string(error.code);
  if (!error.sqlstate.empty()) raw += " (" + error.sqlstate + ")";
  raw += ": " + error.text;
}

LoginDialogue::LoginDialogue(Login who, const Greeting& greeting, std::uint32_t capabilities,
                             bool tls)
    : who_(std::move(who)),
      nonce_(greeting.nonce),
      flavor_(flavor_of(greeting)),
      capabilities_(capabilities),
      tls_(tls),
      plugin_(opening_plugin(greeting)) {
  facts_.set(key::login_as, std::string(who_.is_account ? "account" : "anonymous"));
  facts_.set(key::login_account, who_.is_account);
  facts_.set(key::login_secure, tls);
}

Bytes LoginDialogue::proof(wire::View nonce) const {
  return who_.is_account ? scramble(plugin_, who_.password, nonce) : Bytes();
}

Bytes LoginDialogue::open(std::uint8_t sequence) {
  const Bytes response = proof(nonce_);
  facts_.set(key::auth_path, std::string(path_of(plugin_, response)));
  LoginRequest request;
  request.capabilities = capabilities_;
  request.user = who_.user;
  if (who_.is_account) request.database = who_.database;
  request.plugin = name_of(plugin_);
  request.auth_response = response;
  return handshake_response(sequence, request);
}

LoginDialogue::Turn LoginDialogue::on_packet(const Packet& packet) {
  switch (kind_of(packet.payload)) {
    case Kind::ok:
      verdict_ = Verdict::accepted;
      facts_.set(key::login_ok, true);
      facts_.set(key::login_answered_by, std::string("server"));
      return {Step::over, {}};
    case Kind::error:
      return on_error(packet);
    case Kind::auth_switch:
      return on_switch(packet);
    case Kind::auth_more:
      return on_more(packet);
    case Kind::unknown:
      break;
  }
  return {};
}

LoginDialogue::Turn LoginDialogue::on_error(const Packet& packet) {
  const std::optional<ServerError> error = parse_error(packet.payload);
  if (!error) return {};
  record(*error, facts_, raw_);
  facts_.set(key::login_ok, false);
  facts_.set(key::login_answered_by, std::string(who_answered(*error, flavor_)));
  if (keeps_out(*error, who_.is_account)) failure_ = Failure::mysql_error;
  if (forbids_retry(*error, who_.is_account)) verdict_ = Verdict::refused;
  return {Step::over, {}};
}

LoginDialogue::Turn LoginDialogue::on_switch(const Packet& packet) {
  const std::optional<AuthSwitch> wanted = parse_auth_switch(packet.payload);
  if (!wanted) return {};
  plugin_ = plugin_of(wanted->plugin);
  facts_.set(key::auth_switch, printable(wanted->plugin, kNameLimit));
  facts_.set(key::auth_unsupported, plugin_ == Plugin::unsupported);
  if (plugin_ == Plugin::unsupported)
    return answer(packet.sequence, answer_without_proof(wanted->plugin), "empty");
  Bytes response = proof(wanted->nonce);
  const std::string_view path = path_of(plugin_, response);
  return answer(packet.sequence, std::move(response), path);
}

LoginDialogue::Turn LoginDialogue::on_more(const Packet& packet) {
  if (plugin_ == Plugin::caching_sha2 && packet.payload.size() == 2) {
    if (packet.payload[1] == kFastAuthSuccess) return {Step::listen, {}};
    if (packet.payload[1] == kFullAuthentication) return on_full_authentication(packet.sequence);
  }
  return answer(packet.sequence, {}, "empty");  // a prompt of PAM, a public key: nothing for us
}

LoginDialogue::Turn LoginDialogue::on_full_authentication(std::uint8_t sequence) {
  const bool may = who_.is_account && tls_ && !password_sent_ && !who_.password.empty();
  if (who_.is_account && !tls_) facts_.set(key::full_auth_withheld, true);
  if (!may) return answer(sequence, {}, "empty");
  password_sent_ = true;
  wire::Writer out;
  out.text_nul(who_.password.reveal());
  return answer(sequence, out.take(), "full");
}

LoginDialogue::Turn LoginDialogue::answer(std::uint8_t sequence, Bytes payload,
                                          std::string_view path) {
  facts_.set(key::auth_path, std::string(path));
  return {Step::answer, frame(static_cast<std::uint8_t>(sequence + 1), payload)};
}

}  // namespace plumb::mysql
