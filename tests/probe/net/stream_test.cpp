// The driver against real sockets: what a peer can do to us, and that none of it outlives the
// deadline. TLS through the driver is met in tests/lab with real servers; the engine itself in
// tests/probe/wire.
#include "probe/net/stream.hpp"

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "probe/model/keys.hpp"
#include "probe/net/socket_address.hpp"
#include "tests/support/in_time.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kBuffer = 4096;

// Sends `hello`, then reads until the connection ends, however long that takes.
class ReadAll : public wire::Exchange {
 public:
  explicit ReadAll(std::string hello = {}) : hello_(std::move(hello)) {}
  wire::Action next(const wire::Event& event, Micros) override {
    if (const auto* bytes = std::get_if<wire::Received>(&event))
      text += wire::as_text(bytes->bytes);
    if (const auto* end = std::get_if<wire::Broken>(&event)) {
      failure = end->failure;
      facts = end->facts;
      return wire::Finish{};
    }
    if (std::holds_alternative<wire::Started>(event) && !hello_.empty()) {
      const auto bytes = wire::as_bytes(hello_);
      return wire::Send{wire::Bytes(bytes.begin(), bytes.end())};
    }
    if (std::holds_alternative<wire::Sent>(event)) return wire::CloseWrite{};
    return wire::Receive{};
  }
  std::vector<Observation> observations() const override { return {}; }
  wire::Ending ending() const override { return wire::Ending::dropped; }
  std::optional<wire::LoginAnswer> login_answer() const override { return std::nullopt; }
  bool account_tried() const override { return false; }
  Phase phase() const override { return Phase::greeting; }

  std::string text;
  std::optional<Failure> failure;
  Facts facts;

 private:
  std::string hello_;
};

// Sends a word and waits for the answer, as a login does.
class HalfDuplex : public ReadAll {
 public:
  wire::Action next(const wire::Event& event, Micros at) override {
    if (std::holds_alternative<wire::Started>(event)) return wire::Send{wire::Bytes{'x'}};
    if (std::holds_alternative<wire::Sent>(event)) return wire::Receive{};
    return ReadAll::next(event, at);
  }
};

net::awaitable<void> drive(asio::io_context& io, TcpSocket& socket, milliseconds limit,
                           wire::Exchange& exchange) {
  Watchlist list;
  Watch watch(io.get_executor(), list, Clock::now() + limit, milliseconds(0),
              [&socket] { socket.cancel(); });
  std::vector<std::uint8_t> buffer(kBuffer);
  Stream stream(socket, watch, buffer, "db.example.com",
                [] { return wire::TlsContext::make(wire::TlsSettings{}); });
  co_await stream.drive(exchange);
}

TcpSocket connected(Poller& poller, const Endpoint& to) {
  TcpSocket socket(poller);
  EXPECT_EQ(socket.open(true), 0);
  const SocketAddress address(to);
  ::connect(socket.fd(), address.data(), address.size());
  pollfd made{socket.fd(), POLLOUT, 0};
  EXPECT_EQ(::poll(&made, 1, 5000), 1);
  return socket;
}

void run(const Endpoint& to, milliseconds limit, wire::Exchange& exchange) {
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket = connected(poller, to);
  asio::co_spawn(io, drive(io, socket, limit, exchange), asio::detached);
  io.run();
}

void say(int fd, const std::string& text) {
  (void)!send(fd, text.data(), text.size(), MSG_NOSIGNAL);
}

TEST(Stream, DeliversWhatComesUntilTheEnd) {
  test::LoopbackServer server([](int fd) {
    say(fd, "hello ");
    say(fd, "world");
    shutdown(fd, SHUT_WR);
  });
  ReadAll exchange;
  run(server.endpoint(), seconds(5), exchange);
  EXPECT_EQ(exchange.text, "hello world");
  EXPECT_EQ(exchange.failure, Failure::eof);
}

// The buffer is full three times, and only the first time is an edge.
TEST(Stream, ReadsOnWhereMoreHasComeThanThereIsRoomFor) {
  test::LoopbackServer server([](int fd) { say(fd, std::string(3 * kBuffer, 'x')); });
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket = connected(poller, server.endpoint());
  for (int come = 0; come < static_cast<int>(3 * kBuffer);) ioctl(socket.fd(), FIONREAD, &come);
  ReadAll exchange;
  asio::co_spawn(io, drive(io, socket, milliseconds(100), exchange), asio::detached);
  io.run();
  EXPECT_EQ(exchange.text.size(), 3 * kBuffer);
  EXPECT_EQ(exchange.failure, Failure::timed_out) << "nobody has closed";
}

TEST(Stream, SendsAndThenClosesItsSideInOrder) {
  test::LoopbackServer server([](int fd) {
    std::string heard;
    char byte = 0;
    while (recv(fd, &byte, 1, 0) == 1) heard += byte;
    say(fd, "heard " + heard);
    shutdown(fd, SHUT_WR);
  });
  ReadAll exchange("quit");
  run(server.endpoint(), seconds(5), exchange);
  EXPECT_EQ(exchange.text, "heard quit");
}

TEST(Stream, SilenceEndsAtTheDeadline) {
  EXPECT_TRUE(test::in_time(milliseconds(200), [] {
    test::LoopbackServer server([](int) {});
    ReadAll exchange;
    run(server.endpoint(), milliseconds(100), exchange);
    EXPECT_EQ(exchange.failure, Failure::timed_out);
  }));
}

// From here on the kernel drops what comes for this connection and acknowledges nothing, as a path
// does that has gone bad.
void go_deaf(int fd) {
  sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &drop_all};
  ASSERT_EQ(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
}

// Waits for a byte, so that the server is deaf by then, and says or begins something.
class SpeaksSecond : public ReadAll {
 public:
  explicit SpeaksSecond(wire::Action then) : then_(std::move(then)) {}
  wire::Action next(const wire::Event& event, Micros at) override {
    if (std::holds_alternative<wire::Received>(event)) return then_;
    if (std::holds_alternative<wire::Sent>(event)) return wire::Receive{};
    if (const auto* ended = std::get_if<wire::TlsEnded>(&event)) {
      failure = ended->report.failure;
      facts = ended->report.facts;
      return wire::Finish{};
    }
    return ReadAll::next(event, at);
  }

 private:
  wire::Action then_;
};

TEST(Stream, AStallTellsWhetherWhatWeSentWasAcknowledged) {
  test::LoopbackServer deaf([](int fd) {
    go_deaf(fd);
    say(fd, "x");
  });
  const std::vector<wire::Action> ways{wire::Send{wire::Bytes{'l', 'o', 'g', 'i', 'n'}},
                                       wire::StartTls{}};
  for (const wire::Action& way : ways) {
    SpeaksSecond exchange(way);
    run(deaf.endpoint(), milliseconds(900), exchange);
    EXPECT_EQ(exchange.failure, Failure::timed_out);
    EXPECT_GE(exchange.facts.get_or(key::tcp_unacked, std::int64_t{-1}), 1);
    EXPECT_GE(exchange.facts.get_or(key::tcp_retransmits, std::int64_t{-1}), 1);
    EXPECT_GT(exchange.facts.get_or(key::tcp_rtt_ms, 0.0), 0.0);
  }
}

TEST(Stream, AStallOfAPeerThatOnlySaysNothingHasEverythingAcknowledged) {
  test::LoopbackServer mute([](int fd) { say(fd, "x"); });
  SpeaksSecond exchange(wire::Send{wire::Bytes{'l', 'o', 'g', 'i', 'n'}});
  run(mute.endpoint(), milliseconds(300), exchange);
  EXPECT_EQ(exchange.failure, Failure::timed_out);
  EXPECT_EQ(exchange.facts.get_or(key::tcp_unacked, std::int64_t{-1}), 0);
  EXPECT_EQ(exchange.facts.get_or(key::tcp_retransmits, std::int64_t{-1}), 0);
}

TEST(Stream, AFloodDoesNotOutrunTheDeadline) {
  test::LoopbackServer server([](int fd) {
    const std::string much(65536, 'x');
    while (send(fd, much.data(), much.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  EXPECT_TRUE(test::in_time(milliseconds(300), [&] {
    ReadAll exchange;
    run(server.endpoint(), milliseconds(100), exchange);
    EXPECT_EQ(exchange.failure, Failure::timed_out);
  }));
}

void reset_connection(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  shutdown(fd, SHUT_RD);
  dup2(socket(AF_INET, SOCK_STREAM, 0), fd);  // closes the connection, with a RST
}

TEST(Stream, TellsAResetFromAnOrderlyEnd) {
  test::LoopbackServer server(reset_connection);
  ReadAll exchange;
  run(server.endpoint(), seconds(5), exchange);
  EXPECT_EQ(exchange.failure, Failure::reset);
}

TEST(Stream, LastWordsAreReadAlthoughAResetStopsOurWriting) {
  test::LoopbackServer server([](int fd) {
    say(fd, "too many");
    reset_connection(fd);
  });
  asio::io_context io;
  Poller poller(io.get_executor());
  TcpSocket socket = connected(poller, server.endpoint());
  while (server.accepted() == 0) std::this_thread::yield();
  pollfd reset{socket.fd(), 0, 0};
  ASSERT_EQ(poll(&reset, 1, 5000), 1) << "POLLHUP: the reset is here before we write";
  HalfDuplex exchange;
  asio::co_spawn(io, drive(io, socket, seconds(5), exchange), asio::detached);
  io.run();
  EXPECT_EQ(exchange.text, "too many");
  EXPECT_EQ(exchange.failure, Failure::reset);
}

}  // namespace
}  // namespace plumb::net
