// An IP address and an endpoint as values. Our own, so that the pure rooms need no socket library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace plumb {

enum class AddressClass : std::uint8_t {
  unspecified,  // 0.0.0.0, ::
  loopback,     // 127/8, ::1
  link_local,   // 169.254/16, fe80::/10
  private_use,  // RFC 1918, RFC 6598 (100.64/10), fc00::/7
  global        // everything else, documentation ranges included
};

class Address {
 public:
  static std::optional<Address> parse(
      std::string_view text);  // "10.0.0.1", "2001:db8::1"; no brackets, no scope
  static Address v4(const std::array<std::uint8_t, 4>& bytes);
  static Address v6(const std::array<std::uint8_t, 16>& bytes);

  bool is_v4() const { return v4_; }
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }  // v4: the first four
  AddressClass classify() const;  // a v4-mapped v6 address is classified as its v4 address
  std::string to_string() const;
  auto operator<=>(const Address&) const = default;

 private:
  bool v4_ = true;
  std::array<std::uint8_t, 16> bytes_{};
};

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  std::string to_string() const;  // "10.0.0.1:4000", "[2001:db8::1]:4000"
  static std::optional<Endpoint> parse(std::string_view text);  // the inverse
  auto operator<=>(const Endpoint&) const = default;
};

std::optional<std::uint16_t> parse_port(std::string_view text);  // 1 … 65535, digits only

}  // namespace plumb

template <>
struct std::hash<plumb::Address> {
  std::size_t operator()(const plumb::Address& address) const noexcept;
};

template <>
struct std::hash<plumb::Endpoint> {
  std::size_t operator()(const plumb::Endpoint& endpoint) const noexcept;
};
