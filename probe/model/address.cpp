#include "probe/model/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace plumb {

std::optional<Address> Address::parse(std::string_view text) {
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  // Most of what is asked about is a name.
  const bool v6 = text.find(':') != std::string_view::npos;
  if (!v6 && (text.back() < '0' || text.back() > '9')) return std::nullopt;
  char copy[INET6_ADDRSTRLEN] = "";
  std::ranges::copy(text, copy);
  Address address;
  address.v4_ = !v6;
  if (inet_pton(v6 ? AF_INET6 : AF_INET, copy, address.bytes_.data()) != 1) return std::nullopt;
  return address;
}

Address Address::v4(const std::array<std::uint8_t, 4>& bytes) {
  Address address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

Address Address::v6(const std::array<std::uint8_t, 16>& bytes) {
  Address address;
  address.v4_ = false;
  address.bytes_ = bytes;
  return address;
}

namespace {

AddressClass classify_v4(const std::uint8_t* b) {
  if (b[0] == 0) return AddressClass::unspecified;
  if (b[0] == 127) return AddressClass::loopback;
  if (b[0] == 169 && b[1] == 254) return AddressClass::link_local;
  const bool rfc1918 =
      b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
  const bool rfc6598 = b[0] == 100 && (b[1] & 0xc0) == 64;
  return rfc1918 || rfc6598 ? AddressClass::private_use : AddressClass::global;
}

}  // namespace

AddressClass Address::classify() const {
  const std::uint8_t* b = bytes_.data();
  if (v4_) return classify_v4(b);
  const bool ten_zeros = std::all_of(b, b + 10, [](std::uint8_t x) { return x == 0; });
  if (ten_zeros && b[10] == 0xff && b[11] == 0xff) return classify_v4(b + 12);
  if (ten_zeros && std::all_of(b + 10, b + 15, [](std::uint8_t x) { return x == 0; })) {
    if (b[15] == 0) return AddressClass::unspecified;
    if (b[15] == 1) return AddressClass::loopback;
  }
  if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) return AddressClass::link_local;
  return (b[0] & 0xfe) == 0xfc ? AddressClass::private_use : AddressClass::global;
}

namespace {

// Each observation names its endpoint, and inet_ntop() goes through printf. `to` has room for
// INET6_ADDRSTRLEN; returns the text's end.
char* write(const Address& address, char* to) {
  const auto& bytes = address.bytes();
  if (!address.is_v4()) {
    inet_ntop(AF_INET6, bytes.data(), to, INET6_ADDRSTRLEN);
    return to + std::string_view(to).size();
  }
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *to++ = '.';
    to = std::to_chars(to, to + 3, bytes[i]).ptr;
  }
  return to;
}

}  // namespace

std::string Address::to_string() const {
  char text[INET6_ADDRSTRLEN];
  return {text, write(*this, text)};
}

std::string Endpoint::to_string() const {
  char text[INET6_ADDRSTRLEN + sizeof "[]:65535"];
  char* end = text;
  if (!address.is_v4()) *end++ = '[';
  end = write(address, end);
  if (!address.is_v4()) *end++ = ']';
  *end++ = ':';
  end = std::to_chars(end, end + 5, port).ptr;
  return {text, end};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = Address::parse(host);
  const auto port = parse_port(text.substr(colon + 1));
  if (!address || !port || address->is_v4() == bracketed) return std::nullopt;
  return Endpoint{*address, *port};
}

}  // namespace plumb

namespace {

// Ends with the steps of SplitMix64: each bit of what goes in changes half of what comes out.
std::size_t mixed(const plumb::Address& address, std::uint64_t port) {
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), address.bytes().data(), sizeof halves);
  std::uint64_t bits = halves[0] ^ std::rotl(halves[1], 29) ^ port * 0x9e3779b97f4a7c15;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return static_cast<std::size_t>(bits ^ (bits >> 31));
}

}  // namespace

std::size_t std::hash<plumb::Address>::operator()(const plumb::Address& address) const noexcept {
  return mixed(address, 0);
}

std::size_t std::hash<plumb::Endpoint>::operator()(const plumb::Endpoint& endpoint) const noexcept {
  return mixed(endpoint.address, endpoint.port);
}
