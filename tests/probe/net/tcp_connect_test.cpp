#include "probe/net/tcp_connect.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <cerrno>

#include "probe/model/keys.hpp"
#include "tests/support/loopback_server.hpp"

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
  ConnectOptions options;
  options.from = Address::parse("192.0.2.77");
  EXPECT_EQ(prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), options), EADDRNOTAVAIL);
}

TEST(TcpConnect, ASegmentSizeThatNoKernelTakesIsTroubleOfTheTool) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  ConnectOptions options;
  options.max_segment = 70000;
  const int error = prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), options);
  Observation seen;
  seen.endpoint = "127.0.0.1:1";
  describe_connect(socket, error, seen);
  EXPECT_EQ(seen.failure, Failure::local_limit);
}

TEST(TcpConnect, KnowsNothingOfAStallWithoutASocket) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  EXPECT_TRUE(describe_stall(socket).empty());
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

TEST(TcpConnect, KnowsAConnectionFromAnAttempt) {
  const auto attempt = [](const Endpoint& to) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    EXPECT_EQ(prepare_socket(socket, to, ConnectOptions{}), 0);
    EXPECT_FALSE(is_established(socket));
    const auto address = to_asio(to);  // over loopback the handshake is done when connect() returns
    ::connect(socket.native_handle(), address.data(), static_cast<socklen_t>(address.size()));
    EXPECT_EQ(connect_error(socket, asio::error::connection_refused, true), ECONNREFUSED);
    const int cancelled = connect_error(socket, asio::error::operation_aborted, true);
    EXPECT_EQ(cancelled, is_established(socket) ? 0 : ECANCELED);
    return is_established(socket);
  };
  test::LoopbackServer server([](int) {});
  const test::SilentPort silent;
  EXPECT_TRUE(attempt(server.endpoint()));
  EXPECT_FALSE(attempt(silent.endpoint()));
}

}  // namespace
}  // namespace plumb::net
