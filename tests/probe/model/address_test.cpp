#include "probe/model/address.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <set>

namespace plumb {
namespace {

AddressClass classify(const char* text) { return Address::parse(text)->classify(); }

TEST(Address, Classifies) {
  EXPECT_EQ(classify("10.1.2.3"), AddressClass::private_use);
  EXPECT_EQ(classify("172.16.0.1"), AddressClass::private_use);
  EXPECT_EQ(classify("172.32.0.1"), AddressClass::global);
  EXPECT_EQ(classify("192.168.0.1"), AddressClass::private_use);
  EXPECT_EQ(classify("100.64.0.1"), AddressClass::private_use);
  EXPECT_EQ(classify("100.128.0.1"), AddressClass::global);
  EXPECT_EQ(classify("169.254.169.254"), AddressClass::link_local);
  EXPECT_EQ(classify("127.0.0.53"), AddressClass::loopback);
  EXPECT_EQ(classify("0.0.0.0"), AddressClass::unspecified);
  EXPECT_EQ(classify("203.0.113.7"), AddressClass::global);
  EXPECT_EQ(classify("::1"), AddressClass::loopback);
  EXPECT_EQ(classify("::"), AddressClass::unspecified);
  EXPECT_EQ(classify("fd00::1"), AddressClass::private_use);
  EXPECT_EQ(classify("fe80::1"), AddressClass::link_local);
  EXPECT_EQ(classify("2001:db8::1"), AddressClass::global);
  EXPECT_EQ(classify("::ffff:10.0.0.1"), AddressClass::private_use);
}

TEST(Address, IsWrittenAsItIsRead) {
  for (const char* text : {"0.0.0.0", "255.255.255.255", "127.12.34.5", "10.0.99.100", "::", "::1",
                           "2001:db8::1", "::ffff:10.0.0.1", "fe80:1:2:3:4:5:6:7"})
    EXPECT_EQ(Address::parse(text)->to_string(), text);
}

TEST(Address, RefusesWhatIsNone) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "db", "[::1]", "fe80::1%eth0", "1.2.3.4 ",
                           "10.0.0.x1", "a:b", "db.example:4000", "1:2"})
    EXPECT_FALSE(Address::parse(text)) << text;
}

TEST(Endpoint, IsItsOwnInverse) {
  for (const char* text :
       {"10.0.0.1:4000", "[2001:db8::1]:3306", "[::1]:1", "255.255.255.255:65535"}) {
    const auto endpoint = Endpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->to_string(), text);
  }
  for (const char* text : {"10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "::1:4000",
                           "[10.0.0.1]:80", ":80"})
    EXPECT_FALSE(Endpoint::parse(text)) << text;
}

TEST(Endpoint, NeighboursAreSpreadByTheirHash) {
  std::set<std::size_t> all, low;
  for (unsigned i = 0; i < 4096; ++i) {
    const auto byte = [i](unsigned shift) { return static_cast<std::uint8_t>(i >> shift); };
    const Endpoint v4{Address::v4({10, 0, byte(8), byte(0)}), 4000};
    const Endpoint v6{
        Address::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(8), byte(0)}), 3306};
    for (const Endpoint& one :
         {v4, v6, Endpoint{v4.address, static_cast<std::uint16_t>(5000 + i)}}) {
      all.insert(std::hash<Endpoint>()(one));
      low.insert(std::hash<Endpoint>()(one) % 16384);
    }
  }
  EXPECT_EQ(all.size(), 3 * 4096U);
  EXPECT_GT(low.size(), 8000U) << "random ones would take 8,644 of 16,384 places";
}

}  // namespace
}  // namespace plumb
