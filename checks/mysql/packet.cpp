#include "checks/mysql/packet.hpp"

#include <algorithm>
#include <cctype>

#include "probe/model/printable.hpp"

namespace plumb::mysql {
namespace {

using wire::Bytes;
using wire::Reader;
using wire::View;
using wire::Writer;

constexpr std::uint8_t kProtocol10 = 0x0a;
constexpr std::uint8_t kErrorMark = 0xff;
constexpr std::uint8_t kSwitchMark = 0xfe;
constexpr std::uint8_t kUtf8mb4GeneralCi = 45;  // known to every server since 5.5, to TiDB too
constexpr std::size_t kErrorTextLimit = 512;
constexpr std::size_t kUsualPacket = 192;  // an anonymous login and more

Bytes bytes_of(View view) { return {view.begin(), view.end()}; }

// Some servers end the last text of a packet with the packet instead of a NUL.
std::string text_until_nul_or_end(Reader& in) {
  const std::string_view rest = wire::as_text(in.rest());
  return std::string(rest.substr(0, rest.find('\0')));
}

void read_second_half(Reader& in, Greeting& greeting) {
  in.skip(1);  // charset
  greeting.status = in.u16le();
  greeting.capabilities |= static_cast<std::uint32_t>(in.u16le()) << 16;
  const std::size_t nonce_length = in.u8();
  in.skip(6);
  const std::uint32_t extended = in.u32le();
  if (!greeting.offers(capability::kLongPassword)) greeting.mariadb_capabilities = extended;
  if (!greeting.offers(capability::kSecureConnection)) return;
  const std::size_t rest = nonce_length > 8 + 13 ? nonce_length - 8 : 13;
  const View second = in.take(std::min(rest, in.left()));
  greeting.nonce.insert(greeting.nonce.end(), second.begin(), second.end());
  // The nonce is text without NUL, and its trailing NUL is not part of it.
  if (greeting.nonce.size() > kNonceSize) greeting.nonce.resize(kNonceSize);
}

bool is_sqlstate(View state) {
  return state.size() == 5 &&
         std::all_of(state.begin(), state.end(), [](std::uint8_t c) { return std::isalnum(c); });
}

// A DBA finds us by them.
constexpr std::string_view kAttributes[] = {"program_name", "plumb",           "_client_name",
                                            "plumb",        "_client_version", PLUMB_VERSION};

void connection_attributes(Writer& out) {
  std::size_t size = 0;
  for (const std::string_view text : kAttributes) size += 1 + text.size();
  out.u8(static_cast<unsigned>(size));
  for (const std::string_view text : kAttributes)
    out.u8(static_cast<unsigned>(text.size())).text(text);
}

// A packet is written behind its header, which is known last.
Writer begin_packet() {
  Writer out(kUsualPacket);
  out.zeros(kHeaderSize);
  return out;
}

Bytes end_packet(Writer& out, std::uint8_t sequence) {
  Bytes packet = out.take();
  Writer header(kHeaderSize);
  header.u24le(static_cast<unsigned>(packet.size() - kHeaderSize)).u8(sequence);
  std::ranges::copy(header.take(), packet.begin());
  return packet;
}

void fixed_part(Writer& out, std::uint32_t capabilities) {
  out.u32le(capabilities).u32le(kMaxPayload).u8(kUtf8mb4GeneralCi).zeros(23);
}

}  // namespace

Kind kind_of(View payload) {
  if (payload.empty()) return Kind::unknown;
  switch (payload.front()) {
    case 0x00:
      return Kind::ok;
    case 0x01:
      return Kind::auth_more;
    case kSwitchMark:
    case 0x02:  // the next factor of a multi-factor login, laid out like a switch
      return Kind::auth_switch;
    case kErrorMark:
      return Kind::error;
    default:
      return Kind::unknown;
  }
}

std::optional<Greeting> parse_greeting(View payload) {
  Reader in(payload);
  if (in.u8() != kProtocol10) return std::nullopt;
  Greeting greeting;
  greeting.version = in.text_until_nul();
  greeting.thread_id = in.u32le();
  greeting.nonce = bytes_of(in.take(8));
  in.skip(1);
  greeting.capabilities = in.u16le();
  greeting.plugin = "mysql_native_password";
  if (!in.ok()) return std::nullopt;
  if (in.left() == 0) return greeting;
  read_second_half(in, greeting);
  if (!in.ok()) return std::nullopt;
  if (greeting.offers(capability::kPluginAuth)) greeting.plugin = text_until_nul_or_end(in);
  return greeting;
}

std::optional<ServerError> parse_error(View payload) {
  Reader in(payload);
  if (in.u8() != kErrorMark) return std::nullopt;
  ServerError error;
  error.code = in.u16le();
  if (!in.ok()) return std::nullopt;
  View rest = in.rest();
  if (rest.size() >= 6 && rest[0] == '#' && is_sqlstate(rest.subspan(1, 5))) {
    error.sqlstate = wire::as_text(rest.subspan(1, 5));
    rest = rest.subspan(6);
  }
  error.text = printable(wire::as_text(rest), kErrorTextLimit);
  return error;
}

std::optional<ServerError> error_in(View first) {
  Reader in(first);
  const std::size_t length = in.u24le();
  in.skip(1);  // sequence
  return in.ok() ? parse_error(in.take(std::min(length, in.left()))) : std::nullopt;
}

std::optional<AuthSwitch> parse_auth_switch(View payload) {
  if (kind_of(payload) != Kind::auth_switch) return std::nullopt;
  if (payload.size() == 1) return AuthSwitch{"mysql_old_password", {}};
  Reader in(payload);
  in.skip(1);
  AuthSwitch wanted;
  wanted.plugin = in.text_until_nul();
  View nonce = in.rest();
  if (!in.ok()) return std::nullopt;
  if (!nonce.empty() && nonce.back() == 0) nonce = nonce.first(nonce.size() - 1);
  wanted.nonce = bytes_of(nonce);
  return wanted;
}

Bytes frame(std::uint8_t sequence, View payload) {
  Writer out(kHeaderSize + payload.size());
  out.u24le(static_cast<unsigned>(payload.size())).u8(sequence).raw(payload);
  return out.take();
}

std::uint32_t client_capabilities(const Greeting& greeting, bool tls, bool with_database) {
  using namespace capability;
  std::uint32_t bits = kLongPassword | kProtocol41 | kTransactions | kSecureConnection;
  bits |= greeting.capabilities & (kPluginAuth | kConnectAttrs | kPluginAuthLenenc);
  if (tls) bits |= kSsl;
  if (with_database) bits |= kConnectWithDb;
  return bits;
}

Bytes ssl_request(std::uint8_t sequence, std::uint32_t capabilities) {
  Writer out = begin_packet();
  fixed_part(out, capabilities);
  return end_packet(out, sequence);
}

Bytes handshake_response(std::uint8_t sequence, const LoginRequest& request) {
  using namespace capability;
  Writer out = begin_packet();
  fixed_part(out, request.capabilities);
  out.text_nul(request.user);
  // Below 251 bytes a length-encoded integer and a plain length byte are the same.
  out.u8(static_cast<unsigned>(request.auth_response.size())).raw(request.auth_response);
  if (request.capabilities & kConnectWithDb) out.text_nul(request.database);
  if (request.capabilities & kPluginAuth) out.text_nul(request.plugin);
  if (request.capabilities & kConnectAttrs) connection_attributes(out);
  return end_packet(out, sequence);
}

Bytes com_quit() { return frame(0, wire::as_bytes("\x01")); }

}  // namespace plumb::mysql
