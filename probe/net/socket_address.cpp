#include "probe/net/socket_address.hpp"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace plumb::net {

std::optional<Address> address_of(const sockaddr* from) {
  if (from == nullptr) return std::nullopt;
  if (from->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in*>(from)->sin_addr, 4);
    return Address::v4(bytes);
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr, 16);
  return Address::v6(bytes);
}

}  // namespace plumb::net
