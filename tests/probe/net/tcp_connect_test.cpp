#include "probe/net/tcp_connect.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>

#include "probe/model/keys.hpp"
#include "probe/net/socket_address.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/routed_path.hpp"

namespace plumb::net {
namespace {

TEST(TcpConnect, ASourceThatIsNotOursIsALocalError) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ConnectOptions options;
  options.from = Address::parse("192.0.2.77");
  EXPECT_EQ(prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), options), EADDRNOTAVAIL);
}

TEST(TcpConnect, ASegmentSizeThatNoKernelTakesIsTroubleOfTheTool) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ConnectOptions options;
  options.max_segment = 70000;
  const int error = prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), options);
  Observation seen;
  seen.endpoint = "127.0.0.1:1";
  describe_connect(socket, {error}, seen);
  EXPECT_EQ(seen.failure, Failure::local_limit);
}

TEST(TcpConnect, KnowsNothingOfAStallWithoutASocket) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  EXPECT_TRUE(describe_stall(socket).empty());
}

TEST(TcpConnect, DescribesAFailureThatNeverOpenedASocket) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  Observation seen;
  seen.endpoint = "10.0.0.1:4000";
  describe_connect(socket, {EMFILE}, seen);
  EXPECT_EQ(seen.failure, Failure::local_limit);
  EXPECT_EQ(seen.raw, "EMFILE");
  EXPECT_EQ(*seen.facts.get(key::tcp_errno), "EMFILE");
}

// The loop is busy for so long that the handshake and the reset both wait for it.
TEST(TcpConnect, AResetAfterTheHandshakeIsLeftToTheReader) {
  test::LoopbackServer server([](int fd) {
    sockaddr nobody{};  // AF_UNSPEC: the kernel resets the connection
    ::connect(fd, &nobody, sizeof nobody);
  });
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ASSERT_EQ(prepare_socket(socket, server.endpoint(), ConnectOptions{}), 0);
  const SocketAddress address(server.endpoint());
  ::connect(socket.fd(), address.data(), address.size());
  pollfd reset{socket.fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&reset, 1, 5000), 1);
  EXPECT_EQ(connected_or_error(socket).error, 0);
  char byte = 0;
  EXPECT_EQ(::recv(socket.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(TcpConnect, KnowsAConnectionFromAnAttempt) {
  const auto attempt = [](const Endpoint& to) {
    asio::io_context io;
    Poller poller(io.get_executor());
    TcpSocket socket(poller);
    EXPECT_EQ(prepare_socket(socket, to, ConnectOptions{}), 0);
    EXPECT_FALSE(is_established(socket));
    const SocketAddress address(to);  // over loopback the handshake is done when connect() returns
    ::connect(socket.fd(), address.data(), address.size());
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

class RealSilence : public testing::Test {
 protected:
  void SetUp() override {
    if (!path_.missing().empty())
      GTEST_SKIP() << "NOT TESTED against a real firewall: lacks " << path_.missing();
  }
  // Of a connect that is given up once its SYN was sent again.
  Facts given_up(const char* to) {
    Observation seen;
    seen.endpoint = to;
    path_.in(test::RoutedPath::client, [&] {
      asio::io_context io;
      Poller poller(io.get_executor());
      TcpSocket socket(poller);
      EXPECT_EQ(prepare_socket(socket, *Endpoint::parse(to), ConnectOptions{}), 0);
      const SocketAddress address(*Endpoint::parse(to));
      const int fd = socket.fd();
      ::connect(fd, address.data(), address.size());
      const auto limit = Clock::now() + std::chrono::seconds(10);
      tcp_info info{};
      socklen_t size = sizeof info;
      while (info.tcpi_retransmits == 0 && Clock::now() < limit) {
        poll(nullptr, 0, 20);
        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
      }
      describe_connect(socket, {ETIMEDOUT}, seen);
    });
    return seen.facts;
  }
  test::RoutedPath path_;
};

TEST_F(RealSilence, ASocketKnowsWhetherItsSynCouldLeave) {
  ASSERT_TRUE(path_.shell(test::RoutedPath::client,
                          "nft 'add table inet own; add chain inet own out { type filter hook "
                          "output priority 0; }; add rule inet own out tcp dport 4000 drop'"));
  ASSERT_TRUE(path_.shell(test::RoutedPath::near,
                          "nft 'add table inet way; add chain inet way on { type filter hook "
                          "forward priority 0; }; add rule inet way on tcp dport 4001 drop'"));
  EXPECT_FALSE(given_up("10.99.3.2:4000").get_or(key::tcp_syn_left, true)) << "its own firewall";
  EXPECT_FALSE(given_up("[fd99:3::2]:4000").get_or(key::tcp_syn_left, true));
  EXPECT_TRUE(given_up("10.99.3.2:4001").get_or(key::tcp_syn_left, false)) << "one on the way";
}

TEST(TcpConnect, ASynThatWasNotSentAgainTellsNothing) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ASSERT_EQ(prepare_socket(socket, *Endpoint::parse("127.0.0.1:1"), ConnectOptions{}), 0);
  Observation seen;
  seen.endpoint = "127.0.0.1:1";
  describe_connect(socket, {ETIMEDOUT}, seen);
  EXPECT_FALSE(seen.facts.has(key::tcp_syn_left));
}

}  // namespace
}  // namespace plumb::net
