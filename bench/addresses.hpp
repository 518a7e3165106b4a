// Whom the server is and the floors ask: target i has an address and a name of its own, both computed,
// so that a million targets need no list.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdint>
#include <string>

namespace plumb::bench {

inline constexpr std::uint32_t kFirstAddress = 0x7f010000;  // 127.1.0.0: all of 127/8 is this host
inline constexpr std::uint32_t kAddresses = 0x00fe0000;     // up to 127.254.255.255, then again
inline constexpr char kDomain[] = "bench.example";
inline constexpr int kDigits = 7;

inline std::uint32_t address_of(std::uint32_t target) {
  return kFirstAddress + target % kAddresses;
}

inline sockaddr_in socket_address(std::uint32_t address, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(address);
  out.sin_port = htons(port);
  return out;
}

// "t0000042.bench.example"
inline std::string name_of(std::uint32_t target) {
  const std::string number = std::to_string(target);
  return "t" + std::string(number.size() < kDigits ? kDigits - number.size() : 0, '0') + number +
         "." + kDomain;
}

}  // namespace plumb::bench
