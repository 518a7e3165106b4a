#include "probe/net/tcp_connect.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "probe/model/keys.hpp"

namespace plumb::net {
namespace {

TEST(TcpConnect, ConvertsBothFamilies) {
  EXPECT_EQ(to_asio(*Endpoint::parse("10.1.2.3:4000")).address().to_string(), "10.1.2.3");
  const auto v6 = to_asio(*Endpoint::parse("[2001:db8::5]:3306"));
  EXPECT_EQ(v6.address().to_string(), "2001:db8::5");
  EXPECT_EQ(v6.port(), 3306);
}

TEST(TcpConnect, ASourceThatIsNotOursIsALocalError) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  EXPECT_EQ(prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), Address::parse("192.0.2.77")),
            EADDRNOTAVAIL);
}

TEST(TcpConnect, DescribesAFailureThatNeverOpenedASocket) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  Observation seen;
  seen.endpoint = "10.0.0.1:4000";
  describe_connect(socket, EMFILE, seen);
  EXPECT_EQ(seen.failure, Failure::local_limit);
  EXPECT_EQ(seen.raw, "EMFILE");
  EXPECT_EQ(*seen.facts.get(key::tcp_errno), "EMFILE");
}

}  // namespace
}  // namespace plumb::net
