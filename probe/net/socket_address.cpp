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

std::optional<Endpoint> endpoint_of(const sockaddr* from) {
  const std::optional<Address> address = address_of(from);
  if (!address) return std::nullopt;
  const in_port_t port = address->is_v4() ? reinterpret_cast<const sockaddr_in*>(from)->sin_port
                                          : reinterpret_cast<const sockaddr_in6*>(from)->sin6_port;
  return Endpoint{*address, ntohs(port)};
}

SocketAddress::SocketAddress(const Endpoint& to) {
  const auto& bytes = to.address.bytes();
  if (to.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(to.port);
    std::memcpy(&v4.sin_addr, bytes.data(), sizeof v4.sin_addr);
    std::memcpy(&storage_, &v4, size_ = sizeof v4);
    return;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(to.port);
  std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
  std::memcpy(&storage_, &v6, size_ = sizeof v6);
}

}  // namespace plumb::net
