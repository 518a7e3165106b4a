#include "src/scenario_server.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "checks/mysql/packet.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

constexpr std::size_t kSslRequestSize = 32;
constexpr std::uint8_t kComQuery = 3;
constexpr std::string_view kScramble = "abcdefgh0123456789AB";
constexpr std::string_view kProbeUser = "plumb_probe";

wire::Bytes greeting(const ServerStory& story) {
  const bool mariadb = story.version.find("MariaDB") != std::string::npos;
  namespace cap = mysql::capability;
  const std::uint32_t capabilities =
      cap::kConnectWithDb | cap::kProtocol41 | cap::kTransactions | cap::kSecureConnection |
      cap::kPluginAuth | cap::kConnectAttrs | cap::kPluginAuthLenenc |
      (mariadb ? 0 : cap::kLongPassword) | (story.offers_tls ? cap::kSsl : 0);
  wire::Writer packet;
  packet.u8(10).text_nul(story.version).u32le(4711).text(kScramble.substr(0, 8)).u8(0);
  packet.u16le(capabilities & 0xffff).u8(255).u16le(2).u16le(capabilities >> 16);
  packet.u8(21).zeros(10).text_nul(kScramble.substr(8)).text_nul(story.plugin);
  return packet.take();
}

wire::Bytes error_packet(const ServerError& error) {
  wire::Writer packet;
  packet.u8(0xff).u16le(error.code);
  if (!error.sqlstate.empty()) packet.text("#").text(error.sqlstate);
  packet.text(error.text);
  return packet.take();
}

wire::Bytes ok_packet() {
  wire::Writer packet;
  packet.u8(0).u8(0).u8(0).u16le(2).u16le(0);
  return packet.take();
}

wire::Bytes switch_packet(std::string_view plugin) {
  wire::Writer packet;
  packet.u8(0xfe).text_nul(plugin).text_nul(kScramble);
  return packet.take();
}

wire::Bytes eof_packet() {
  wire::Writer packet;
  packet.u8(0xfe).u16le(0).u16le(2);
  return packet.take();
}

// Names and values here are short.
void cell(wire::Writer& row, const std::string& text) {
  row.u8(static_cast<unsigned>(text.size())).text(text);
}

wire::Bytes more_data(unsigned what) {
  wire::Writer packet;
  packet.u8(1).u8(what);
  return packet.take();
}

bool covers(const std::vector<std::string>& names, const std::string& wanted) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == "*" || name == wanted; });
}

}  // namespace

StoryServer::StoryServer(ServerStory story) : story_(std::move(story)) {}

void StoryServer::send(const wire::Bytes& payload, Micros after) {
  lines_.push_back(net::Line{mysql::frame(next_sequence_++, payload), std::nullopt, after});
}

void StoryServer::open() {
  greeted_ = true;
  if (story_.silence) {
    lines_.push_back(net::Line{{}, story_.silence, Micros(1000)});
  } else if (!story_.says.empty()) {
    const wire::View text = wire::as_bytes(story_.says);
    lines_.push_back(net::Line{{text.begin(), text.end()}, std::nullopt, Micros(1000)});
  } else if (story_.refuses) {
    send(error_packet(*story_.refuses));
  } else {
    send(greeting(story_), story_.greets_after);
  }
}

net::Line StoryServer::speak() {
  if (story_.tls_first && !encrypted_) return net::Line{{}, Failure::timed_out, Micros(1000)};
  if (!greeted_) open();
  if (lines_.empty()) return net::Line{{}, Failure::eof, Micros(500)};
  net::Line line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

void StoryServer::hear(wire::View bytes) {
  heard_.insert(heard_.end(), bytes.begin(), bytes.end());
  for (;;) {
    wire::Reader reader(heard_);
    const std::uint32_t length = reader.u24le();
    const unsigned sequence = reader.u8();
    const wire::View payload = reader.take(length);
    if (!reader.ok()) return;
    take(sequence, payload);
    heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(reader.position()));
  }
}

void StoryServer::take(unsigned sequence, wire::View payload) {
  next_sequence_ = static_cast<std::uint8_t>(sequence + 1);
  if (let_in_) {
    if (!payload.empty() && payload.front() == kComQuery) answer_query();
  } else if (unfinished_) {
    LoginStory login = std::move(*unfinished_);
    unfinished_.reset();
    if (payload.empty() && !login.error)
      login.error = ServerError{1045, "28000", "Access denied (empty answer to the plugin)"};
    answer(login);
  } else if (payload.size() > kSslRequestSize) {
    take_login(payload);
  }
}

void StoryServer::take_login(wire::View payload) {
  wire::Reader reader(payload);
  reader.skip(kSslRequestSize);
  const std::string_view user = reader.text_until_nul();
  LoginStory login = user == kProbeUser ? story_.anonymous : story_.account;
  if (!login.switch_to.empty()) {
    send(switch_packet(login.switch_to));
    login.switch_to.clear();
    unfinished_ = std::move(login);
  } else if (login.sha2 == "full") {
    send(more_data(4));
    login.sha2.clear();
    unfinished_ = std::move(login);
  } else {
    if (login.sha2 == "fast") send(more_data(3));
    answer(login);
  }
}

void StoryServer::answer(const LoginStory& login) {
  if (login.breaks) {
    lines_.push_back(net::Line{{}, login.breaks, login.after});
  } else {
    let_in_ = !login.error;
    send(login.error ? error_packet(*login.error) : ok_packet(), login.after);
  }
}

// Two columns; what a client counts and does not read is left empty.
void StoryServer::answer_query() {
  send({2});
  send({0});
  send({0});
  send(eof_packet());
  for (const auto& [name, value] : story_.variables) {
    wire::Writer row;
    cell(row, name);
    cell(row, value);
    send(row.take());
  }
  send(eof_packet());
}

wire::TlsReport StoryServer::shake_hands(const wire::TlsSettings& client) {
  wire::TlsReport report = story_.tls.report;
  if (!report.completed) return report;
  encrypted_ = true;
  report.name_ok = covers(story_.tls.names, client.server_name);
  report.facts.set(key::tls_name_ok, report.name_ok);
  report.facts.set(key::tls_name_checked, client.server_name);
  if (!Address::parse(client.server_name)) report.facts.set(key::tls_sni, client.server_name);
  if (!report.name_ok && !report.failure) report.failure = Failure::certificate_name_mismatch;
  return report;
}

}  // namespace plumb
