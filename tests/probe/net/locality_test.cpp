#include "probe/net/locality.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/temporary_file.hpp"

namespace plumb::net {
namespace {

class LocalityFiles : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const { files_.write(name, text); }
  Locality read() const {
    return read_locality({files_.path("v4"), files_.path("v6"), files_.path("netstat")});
  }
  RecentLocality recent_reader() const {
    return RecentLocality({files_.path("v4"), files_.path("v6"), files_.path("netstat")});
  }

 private:
  support::TemporaryDirectory files_;
};

TEST_F(LocalityFiles, FindsDefaultRoutes) {
  write("v4",
        "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
        "eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n"
        "eth0 0000000A 00000000 0001 0 0 0 00FFFFFF 0 0 0\n");
  write("v6",
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"
        "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
        "00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n");
  auto locality = read();
  EXPECT_TRUE(locality.default_route_v4);
  EXPECT_FALSE(locality.default_route_v6) << "the kernel's own unreachable route is no way out";
  EXPECT_TRUE(locality.any_route);

  write("v4",
        "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
        "lo 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n");
  EXPECT_FALSE(read().any_route);
  write("v6",
        "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
        "fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n");
  locality = read();
  EXPECT_TRUE(locality.default_route_v6);
  EXPECT_TRUE(locality.any_route);
}

TEST_F(LocalityFiles, RecentlyReadIsNotReadAgain) {
  using std::chrono::milliseconds;
  const RecentLocality::Time begin{std::chrono::hours(1)};
  const auto count = [this](int resent) {
    write("netstat",
          "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: " + std::to_string(resent) + " 0\n");
  };
  const auto route = [this](const std::string& interface) {
    write("v4", "Iface\n" + interface + " 00000000 0100000A 0003 0 0 0 00000000 0 0 0\n");
  };
  route("eth0");
  count(1);
  RecentLocality recent = recent_reader();
  EXPECT_EQ(recent.at(begin).syns->resent, 1);
  route("lo");
  count(2);
  EXPECT_EQ(recent.at(begin + milliseconds(99)).syns->resent, 1);
  EXPECT_EQ(recent.at(begin + milliseconds(100)).syns->resent, 2) << "counters move on first";
  EXPECT_TRUE(recent.at(begin + milliseconds(999)).default_route_v4);
  EXPECT_FALSE(recent.at(begin + milliseconds(1000)).default_route_v4);
}

TEST(ReadLocality, NamesNoLoopback) {
  for (const Address& address : read_locality().addresses)
    EXPECT_NE(address.classify(), AddressClass::loopback) << address.to_string();
}

TEST_F(LocalityFiles, CountersAreToldOnlyByAKernelThatHasThem) {
  EXPECT_FALSE(read().syns) << "no such file";
  write("netstat", "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 12 3\n");
  ASSERT_TRUE(read().syns);
  EXPECT_EQ(read().syns->resent, 12);
  EXPECT_EQ(read().syns->unsent, 3);
  EXPECT_TRUE(read_locality().syns) << "this one's";
}

TEST(ParseSynCounters, FindsItsColumnsAmongOthersInAnyOrder) {
  const auto counters = parse_syn_counters(
      "TcpExt: SyncookiesSent TCPRetransFail TCPNew TCPSynRetrans\n"
      "TcpExt: 1 22 333 4444\n"
      "IpExt: InNoRoutes TCPSynRetrans TCPRetransFail\n"
      "IpExt: 7 8 9\n");
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->unsent, 22);
  EXPECT_EQ(counters->resent, 4444);
  const auto behind = parse_syn_counters(
      "IpExt: TCPSynRetrans TCPRetransFail\nIpExt: 8 9\n"
      "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 1 2");
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->resent, 1);
  EXPECT_EQ(behind->unsent, 2) << "the last line needs no end";
}

TEST(ParseSynCounters, WhatIsNotThereIsNotGuessed) {
  for (const char* text :
       {"", "TcpExt:", "TcpExt: TCPSynRetrans TCPRetransFail\n",
        "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 1\n", "TcpExt: TCPSynRetrans\nTcpExt: 1\n",
        "TcpExt: TCPRetransFail\nTcpExt: 1\n",
        "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 1 -2\n",
        "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 1 2x\n",
        "TcpExt: TCPSynRetrans TCPRetransFail\nTcpExt: 1 99999999999999999999\n",
        "TcpExt: TCPSynRetrans TCPRetransFail\nIpExt: 1 2\n"})
    EXPECT_FALSE(parse_syn_counters(text)) << text;
}

}  // namespace
}  // namespace plumb::net
