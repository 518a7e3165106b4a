#include "probe/net/tcp_socket.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>

#include <utility>

#include "probe/net/socket_address.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

TEST(TcpSocket, NeverBlocksAndIsNotInherited) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  EXPECT_FALSE(socket.is_open());
  EXPECT_FALSE(socket.local());
  ASSERT_EQ(socket.open(false), 0);
  EXPECT_NE(::fcntl(socket.fd(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(socket.fd(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_FALSE(socket.local()->address.is_v4());
}

TEST(TcpSocket, ClosesWithItsOwnerAndBeforeItIsOpenedAnew) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ASSERT_EQ(socket.open(true), 0);
  const int first = socket.fd();
  ASSERT_EQ(socket.open(true), 0);
  EXPECT_EQ(socket.fd(), first) << "the lowest number that is free";
  {
    const TcpSocket moved(std::move(socket));
    EXPECT_EQ(moved.fd(), first);
  }
  EXPECT_EQ(::fcntl(first, F_GETFD), -1);
}

awaitable<void> connect(TcpSocket& socket, Endpoint to, error_code& error) {
  const SocketAddress address(to);
  ::connect(socket.fd(), address.data(), address.size());
  error = co_await socket.wait(TcpSocket::What::write);
}

TEST(TcpSocket, KnowsItsOwnEndOnceConnected) {
  test::LoopbackServer server([](int) {});
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket(poller);
  ASSERT_EQ(socket.open(true), 0);
  error_code error = asio::error::fault;
  asio::co_spawn(io, connect(socket, server.endpoint(), error), asio::detached);
  io.run();
  EXPECT_FALSE(error);
  EXPECT_EQ(socket.local()->address, server.endpoint().address);
  EXPECT_NE(socket.local()->port, 0);
}

awaitable<void> wait_to_read(TcpSocket& socket, error_code& error) {
  error = co_await socket.wait(TcpSocket::What::read);
}

TEST(TcpSocket, SaysWhyItIsNotWaitedFor) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket closed(poller), silent(poller);
  ASSERT_EQ(silent.open(true), 0);
  const SocketAddress anywhere(Endpoint{*Address::parse("127.0.0.1"), 0});
  ASSERT_EQ(::bind(silent.fd(), anywhere.data(), anywhere.size()), 0);
  ASSERT_EQ(::listen(silent.fd(), 1), 0);
  error_code not_open, cancelled;
  asio::co_spawn(io, wait_to_read(closed, not_open), asio::detached);
  asio::co_spawn(io, wait_to_read(silent, cancelled), asio::detached);
  io.poll();
  silent.cancel();
  io.restart();
  io.run();
  EXPECT_EQ(not_open.value(), EBADF);
  EXPECT_EQ(cancelled, asio::error::operation_aborted);
}

}  // namespace
}  // namespace plumb::net
