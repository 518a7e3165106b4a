#include "probe/net/asio_network.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "probe/model/keys.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/in_time.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

awaitable<void> connect_to(AsioNetwork& network, Endpoint to, ConnectOptions options,
                           Deadline deadline, Connected& result) {
  result = co_await network.connect(to, options, deadline);
}

Connected connect(Endpoint to, milliseconds limit, milliseconds stop_after = milliseconds(0),
                  const ConnectOptions& options = {}) {
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards);
  Connected result;
  asio::co_spawn(io, connect_to(network, to, options, Clock::now() + limit, result),
                 asio::detached);
  net::Timer interrupt(io);
  if (stop_after.count() > 0) {
    interrupt.expires_after(stop_after);
    interrupt.async_wait([&](const error_code&) { network.stop(); });
  }
  io.run();
  result.connection.reset();
  return result;
}

TEST(AsioNetwork, ConnectsAndSaysHow) {
  test::LoopbackServer server([](int) {});
  const Connected seen = connect(server.endpoint(), seconds(5));
  EXPECT_FALSE(seen.observation.failure);
  EXPECT_EQ(*seen.observation.facts.get(key::local_address), "127.0.0.1");
  EXPECT_TRUE(seen.observation.facts.has(key::tcp_connect_ms));
  EXPECT_GT(seen.observation.facts.get_or(key::tcp_mss, std::int64_t{0}), 500);
}

// Bound, and not to be shared with anybody.
class TakenPort {
 public:
  TakenPort() {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    socklen_t size = sizeof any;
    auto* address = reinterpret_cast<sockaddr*>(&any);
    if (bind(fd_, address, size) == 0 && getsockname(fd_, address, &size) == 0)
      number_ = ntohs(any.sin_port);
  }
  ~TakenPort() { close(fd_); }
  std::uint16_t number() const { return number_; }

 private:
  int fd_ = -1;
  std::uint16_t number_ = 0;
};

std::int64_t source_port(const Connected& seen) {
  return seen.observation.facts.get_or(key::path_source_port, std::int64_t{0});
}

TEST(AsioNetwork, LeavesFromTheWantedPortOrTheNextOneThatIsFree) {
  std::atomic<int> heard_from{0};
  test::LoopbackServer server([&heard_from](int fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size);
    heard_from = ntohs(peer.sin_port);
  });
  const TakenPort taken;
  ConnectOptions options;
  options.from_port = taken.number();
  const Connected seen = connect(server.endpoint(), seconds(5), milliseconds(0), options);
  ASSERT_FALSE(seen.observation.failure) << seen.observation.raw;
  EXPECT_GT(source_port(seen), taken.number());
  EXPECT_LE(source_port(seen), taken.number() + 15);
  while (server.accepted() == 0 || heard_from == 0) std::this_thread::yield();
  EXPECT_EQ(source_port(seen), heard_from);
}

// The kernel remembers each pair of ends for a minute after we closed: the port is free to bind, and
// cannot go to the same place.
TEST(AsioNetwork, LeavesFromAnotherPortWhereItCameFromThisOneAMomentAgo) {
  test::LoopbackServer server([](int) {});
  ConnectOptions options;
  {
    const TakenPort free_in_a_moment;
    options.from_port = free_in_a_moment.number();
  }
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards);
  Connected first, second;
  const auto deadline = Clock::now() + seconds(5);
  asio::co_spawn(io, connect_to(network, server.endpoint(), options, deadline, first),
                 asio::detached);
  asio::co_spawn(io, connect_to(network, server.endpoint(), options, deadline, second),
                 asio::detached);
  io.run();
  ASSERT_FALSE(first.observation.failure) << first.observation.raw;
  ASSERT_FALSE(second.observation.failure) << second.observation.raw;
  EXPECT_NE(source_port(first), source_port(second));
  first.connection.reset();
  second.connection.reset();
}

TEST(AsioNetwork, AsksForSmallSegments) {
  test::LoopbackServer server([](int) {});
  ConnectOptions options;
  options.max_segment = 1200;
  const Connected seen = connect(server.endpoint(), seconds(5), milliseconds(0), options);
  EXPECT_EQ(seen.observation.facts.get_or(key::path_max_segment, std::int64_t{0}), 1200);
  const auto in_force = seen.observation.facts.get_or(key::tcp_mss, std::int64_t{0});
  EXPECT_GT(in_force, 1000);
  EXPECT_LE(in_force, 1200);
  const Connected usual = connect(server.endpoint(), seconds(5));
  EXPECT_FALSE(usual.observation.facts.has(key::path_max_segment));
  EXPECT_FALSE(usual.observation.facts.has(key::path_source_port));
}

TEST(AsioNetwork, SaysAlsoOfASilentConnectWhereItLeftFrom) {
  const test::SilentPort silent;
  const TakenPort taken;
  ConnectOptions options;
  options.from_port = taken.number();
  const Connected seen = connect(silent.endpoint(), milliseconds(60), milliseconds(0), options);
  EXPECT_EQ(seen.observation.failure, Failure::timed_out);
  EXPECT_GT(source_port(seen), taken.number());
}

TEST(AsioNetwork, RefusedIsARstWithoutIcmp) {
  const Connected seen = connect(test::closed_port(), seconds(5));
  EXPECT_EQ(seen.observation.failure, Failure::refused);
  EXPECT_EQ(seen.observation.raw, "ECONNREFUSED");
  EXPECT_FALSE(seen.observation.facts.has(key::tcp_icmp_type));
}

TEST(AsioNetwork, SilenceEndsAtTheDeadline) {
  const test::SilentPort silent;
  Connected seen;
  EXPECT_TRUE(test::in_time(milliseconds(150 + 100), [&] {
    seen = connect(silent.endpoint(), milliseconds(150));
    EXPECT_EQ(seen.observation.failure, Failure::timed_out);
  }));
  // The deadline was set a moment before the connect began.
  EXPECT_GT(seen.observation.facts.get_or(key::tcp_waited_ms, 0.0), 100.0);
}

TEST(AsioNetwork, AnInterruptEndsAConnectAtOnce) {
  const test::SilentPort silent;
  const auto began = Clock::now();
  const Connected seen = connect(silent.endpoint(), seconds(30), milliseconds(20));
  EXPECT_EQ(seen.observation.failure, Failure::cancelled);
  EXPECT_LT(Clock::now() - began, seconds(1));
}

awaitable<void> ask_all(AsioNetwork& network, std::vector<DnsQuestion> questions,
                        std::vector<DnsReply>& replies) {
  Tries tries{seconds(5)};
  replies = co_await network.ask(std::move(questions), std::move(tries), Clock::now() + seconds(9));
}

TEST(AsioNetwork, AsksAllAtOnceAndKeepsTheirOrder) {
  test::DnsServer server([](const test::DnsAsked& asked) {
    return std::vector<wire::Bytes>{test::response_to(asked.bytes, 0, {1})};
  });
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards);
  std::vector<DnsReply> replies;
  for (int run = 0; run < 2; ++run) {
    const DnsQuestion bad{server.endpoint(), "no..name", wire::DnsType::a};
    const DnsQuestion good{server.endpoint(), "db.example", wire::DnsType::a};
    asio::co_spawn(io, ask_all(network, {good, bad, good}, replies), asio::detached);
    io.restart();
    io.run();
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_TRUE(replies[0].message && replies[2].message);
    EXPECT_EQ(replies[1].failure, Failure::nxdomain);
    EXPECT_TRUE(!replies[0].shared && replies[2].shared);
    network.forget_answers();
  }
  EXPECT_EQ(server.asked(), 2) << "once in each run";
}

TEST(AsioNetwork, AnInterruptEndsQuestionsAndNoneBeginsAfterIt) {
  test::DnsServer silent([](const test::DnsAsked&) { return std::vector<wire::Bytes>(); });
  asio::io_context io;
  Guards guards;
  guards.resolver_rate = 0.01;
  AsioNetwork network(io, std::nullopt, guards);
  std::vector<DnsQuestion> questions;
  for (int i = 0; i < 20; ++i)  // more than may leave at once
    questions.push_back({silent.endpoint(), "x" + std::to_string(i) + ".example"});
  std::vector<DnsReply> replies, later;
  const auto began = Clock::now();
  asio::co_spawn(io, ask_all(network, questions, replies), asio::detached);
  asio::post(io, [&network] { network.stop(); });
  io.run();
  asio::co_spawn(io, ask_all(network, questions, later), asio::detached);
  io.restart();
  io.run();
  EXPECT_LT(Clock::now() - began, seconds(1));
  ASSERT_EQ(replies.size() + later.size(), 40U);
  for (const auto* all : {&replies, &later})
    for (const DnsReply& reply : *all) EXPECT_EQ(reply.failure, Failure::cancelled);
}

awaitable<void> take_all(AsioNetwork& network, Network::Room of, std::vector<Places::Place>& taken,
                         bool& full) {
  for (;;) {
    Places::Place place = co_await network.room(of, Clock::now() + milliseconds(1));
    full = !place.taken();
    if (full) co_return;
    taken.push_back(std::move(place));
  }
}

// What there is room for besides the targets' own TLS is the same however many targets there are.
TEST(AsioNetwork, HasRoomForAFewFollowupsAtATime) {
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards);
  for (const auto of : {Network::Room::second_tls, Network::Room::followups}) {
    std::vector<Places::Place> taken;
    bool full = false;
    asio::co_spawn(io, take_all(network, of, taken, full), asio::detached);
    io.restart();
    io.run();
    EXPECT_TRUE(full);
    EXPECT_GE(taken.size(), 16U);
    EXPECT_LE(taken.size(), 64U);
    const std::size_t before = taken.size();
    taken.pop_back();
    asio::co_spawn(io, take_all(network, of, taken, full), asio::detached);
    io.restart();
    io.run();
    EXPECT_EQ(taken.size(), before) << "what is given back is taken again";
  }
}

TEST(AsioNetwork, NothingBeginsAfterAnInterrupt) {
  test::LoopbackServer server([](int) {});
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards);
  network.stop();
  Connected seen;
  const auto deadline = Clock::now() + seconds(5);
  asio::co_spawn(io, connect_to(network, server.endpoint(), ConnectOptions{}, deadline, seen),
                 asio::detached);
  io.run();
  EXPECT_EQ(seen.observation.failure, Failure::cancelled);
  EXPECT_FALSE(seen.observation.facts.has(key::local_address)) << "not even a socket";
}

}  // namespace
}  // namespace plumb::net
