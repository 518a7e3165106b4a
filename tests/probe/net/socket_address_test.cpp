#include "probe/net/socket_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace plumb::net {
namespace {

TEST(SocketAddress, OfBothFamilies) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  ASSERT_EQ(inet_pton(AF_INET, "10.1.2.3", &v4.sin_addr), 1);
  EXPECT_EQ(address_of(reinterpret_cast<const sockaddr*>(&v4)), Address::parse("10.1.2.3"));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  ASSERT_EQ(inet_pton(AF_INET6, "2001:db8::5", &v6.sin6_addr), 1);
  EXPECT_EQ(address_of(reinterpret_cast<const sockaddr*>(&v6)), Address::parse("2001:db8::5"));
}

TEST(SocketAddress, OursAsTheKernels) {
  for (const char* text : {"10.0.0.2:53", "[2001:db8::5]:5353"}) {
    const Endpoint endpoint = *Endpoint::parse(text);
    const SocketAddress address(endpoint);
    EXPECT_EQ(address_of(address.data()), endpoint.address);
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.data());
    EXPECT_EQ(ntohs(v4->sin_port), endpoint.port) << "at the same place in both families";
    EXPECT_EQ(address.size(),
              endpoint.address.is_v4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  }
}

TEST(SocketAddress, NoneOfAnotherFamily) {
  EXPECT_FALSE(address_of(nullptr));
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(address_of(&other));
}

}  // namespace
}  // namespace plumb::net
