#include "tests/support/mysql_frames.hpp"

namespace plumb::test {

using wire::Bytes;
using wire::Reader;
using wire::View;
using wire::Writer;

Bytes mysql_packet(std::uint8_t sequence, View payload) {
  Writer out;
  out.u24le(static_cast<unsigned>(payload.size())).u8(sequence).raw(payload);
  return out.take();
}

Bytes nonce() {
  Bytes bytes;
  for (std::uint8_t i = 1; i <= 20; ++i) bytes.push_back(i);
  return bytes;
}

Bytes other_nonce() {
  Bytes bytes;
  for (std::uint8_t i = 0; i < 20; ++i) bytes.push_back(static_cast<std::uint8_t>('A' + i));
  return bytes;
}

Bytes GreetingFrame::payload() const {
  const Bytes salt = nonce();
  Writer out;
  out.u8(10).text_nul(version_).u32le(4711).raw(View(salt).first(8)).u8(0);
  out.u16le(caps_ & 0xffff).u8(45).u16le(2).u16le(caps_ >> 16).u8(21).zeros(6).u32le(extended_);
  out.raw(View(salt).subspan(8)).u8(0);
  if (caps_ & 1u << 19) out.text_nul(plugin_);
  return out.take();
}

Bytes err(std::uint8_t sequence, std::uint16_t code, std::string_view text,
          std::string_view sqlstate) {
  Writer out;
  out.u8(0xff).u16le(code);
  if (!sqlstate.empty()) out.text("#").text(sqlstate);
  out.text(text);
  return mysql_packet(sequence, out.take());
}

Bytes ok(std::uint8_t sequence) { return mysql_packet(sequence, Bytes{0, 0, 0, 2, 0, 0, 0}); }

Bytes auth_switch(std::uint8_t sequence, std::string_view plugin) {
  Writer out;
  out.u8(0xfe).text_nul(plugin).raw(other_nonce()).u8(0);
  return mysql_packet(sequence, out.take());
}

Bytes auth_more(std::uint8_t sequence, std::uint8_t what) {
  return mysql_packet(sequence, Bytes{1, what});
}

ClientLogin read_client_login(View packet) {
  ClientLogin login;
  Reader in(packet);
  const std::size_t length = in.u24le();
  login.sequence = in.u8();
  login.capabilities = in.u32le();
  in.skip(4);
  login.charset = in.u8();
  in.skip(23);
  login.user = in.text_until_nul();
  const View proof = in.take(in.u8());
  login.proof.assign(proof.begin(), proof.end());
  if (login.capabilities & 1u << 3) login.database = in.text_until_nul();
  if (login.capabilities & 1u << 19) login.plugin = in.text_until_nul();
  Reader attributes(login.capabilities & 1u << 20 ? in.take(in.u8()) : View());
  while (attributes.left() > 0) {
    const std::string key(wire::as_text(attributes.take(attributes.u8())));
    login.attributes[key] = wire::as_text(attributes.take(attributes.u8()));
  }
  login.whole = in.ok() && attributes.ok() && in.left() == 0 && length + 4 == packet.size();
  return login;
}

}  // namespace plumb::test
