#include "probe/net/dns_asking.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "probe/net/resolver.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/unbound.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using test::DnsAsked;
using test::DnsServer;
using test::response_to;
using wire::Bytes;
using wire::DnsType;
using Answers = std::vector<Bytes>;

constexpr int kServFail = 2, kRefused = 5;
const Tries kPatient{2s, 2s, 2s};  // an answer is certain to come: waits do not matter
const Tries kShort{40ms, 80ms, 160ms};

struct Client {
  asio::io_context io;
  Resolver resolver;
  bool over_tcp = false;

  explicit Client(std::optional<Address> source = std::nullopt)
      : resolver(io.get_executor(), source, 0) {}

  DnsReply ask(const Endpoint& server, Tries tries, std::string name = "db.example",
               DnsType type = DnsType::a) {
    std::optional<DnsReply> got;
    resolver.ask({server, std::move(name), type, over_tcp}, tries, Clock::now() + 10s,
                 [&got](DnsReply reply) { got = std::move(reply); });
    EXPECT_FALSE(got) << "called from within ask()";
    io.restart();
    io.run();
    EXPECT_TRUE(got);
    return got.value_or(DnsReply{});
  }
};

std::vector<std::string> addresses(const DnsReply& reply) {
  std::vector<std::string> texts;
  if (reply.message)
    for (const Address& address : reply.message->addresses) texts.push_back(address.to_string());
  return texts;
}
using Texts = std::vector<std::string>;

TEST(DnsAsking, BringsTheAnswer) {
  Bytes query;
  DnsServer server([&query](const DnsAsked& asked) {
    query = asked.bytes;
    return Answers{response_to(asked.bytes, 0, {1, 2})};
  });
  const auto reply = Client().ask(server.endpoint(), kPatient, "DB.example");
  server.end();
  EXPECT_EQ(addresses(reply), (Texts{"10.0.0.1", "10.0.0.2"}));
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.tries, 1);
  EXPECT_FALSE(reply.truncated || reply.over_tcp);
  EXPECT_LT(reply.took, 2s);
  ASSERT_GE(query.size(), 11u);
  EXPECT_EQ(query[2], 1) << "recursion desired";
  EXPECT_EQ(query[query.size() - 9], 41) << "EDNS";
}

TEST(DnsAsking, ErrorsOfTheResolverAreMessages) {
  for (const int rcode : {kServFail, kRefused, 3, 4}) {
    DnsServer server([rcode](const DnsAsked& asked) {
      return Answers{response_to(asked.bytes, static_cast<unsigned>(rcode))};
    });
    const auto reply = Client().ask(server.endpoint(), kPatient);
    ASSERT_TRUE(reply.message) << rcode;
    EXPECT_EQ(reply.message->rcode, rcode);
    EXPECT_FALSE(reply.failure);
    EXPECT_EQ(reply.tries, 1) << rcode;
    EXPECT_EQ(server.asked(), 1) << "one packet, nothing asked again behind our back";
  }
}

TEST(DnsAsking, EdnsStaysOnAfterAServfail) {
  std::vector<std::size_t> sizes;
  DnsServer server([&sizes](const DnsAsked& asked) {
    sizes.push_back(asked.bytes.size());
    return Answers{response_to(asked.bytes, kServFail)};
  });
  Client client;
  client.ask(server.endpoint(), kPatient);
  client.ask(server.endpoint(), kPatient);
  server.end();
  ASSERT_EQ(sizes.size(), 2u);
  EXPECT_EQ(sizes[0], sizes[1]);
}

TEST(DnsAsking, AsksWithoutEdnsAfterFormerr) {
  DnsServer server([](const DnsAsked& asked) {
    const bool edns = asked.bytes[11] != 0;
    return Answers{edns ? response_to(asked.bytes, 1) : response_to(asked.bytes, 0, {4})};
  });
  const auto reply = Client().ask(server.endpoint(), kPatient);
  EXPECT_EQ(addresses(reply), Texts{"10.0.0.4"});
  EXPECT_EQ(reply.tries, 2);
}

TEST(DnsAsking, TakesAnswersBeyond512Bytes) {
  const std::vector<unsigned> many(60, 7);  // 60 × 16 bytes
  DnsServer server(
      [&many](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, many)}; });
  EXPECT_EQ(addresses(Client().ask(server.endpoint(), kPatient)).size(), 60u);
}

TEST(DnsAsking, SilenceTakesExactlyTheWaits) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  const auto reply = Client().ask(server.endpoint(), kShort);
  EXPECT_EQ(reply.failure, Failure::timed_out);
  EXPECT_FALSE(reply.message);
  EXPECT_EQ(reply.tries, 3);
  EXPECT_GE(reply.took, 280ms);
  EXPECT_LT(reply.took, 1500ms);
  EXPECT_EQ(server.asked(), 3);
  EXPECT_NE(reply.raw.find("3 questions"), std::string::npos) << reply.raw;
}

TEST(DnsAsking, TheDeadlineCutsTheWaits) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Client client;
  std::optional<DnsReply> got;
  client.resolver.ask({server.endpoint(), "db.example", DnsType::a}, {60ms, 30s},
                      Clock::now() + 150ms, [&got](DnsReply reply) { got = std::move(reply); });
  client.io.run();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->failure, Failure::timed_out);
  EXPECT_EQ(got->tries, 2);
  EXPECT_GE(got->took, 140ms);
  EXPECT_LT(got->took, 2s);
}

TEST(DnsAsking, AnswersAtTheSecondTry) {
  DnsServer server([](const DnsAsked& asked) {
    return asked.nth == 2 ? Answers{response_to(asked.bytes, 0, {1})} : Answers{};
  });
  const auto reply = Client().ask(server.endpoint(), {50ms, 5s});
  EXPECT_EQ(addresses(reply), Texts{"10.0.0.1"});
  EXPECT_EQ(reply.tries, 2);
}

TEST(DnsAsking, ALateAnswerToTheFirstTryCounts) {
  Bytes first;
  DnsServer server([&first](const DnsAsked& asked) {
    if (asked.nth == 1) first = asked.bytes;
    return asked.nth == 2 ? Answers{response_to(first, 0, {9})} : Answers{};
  });
  const auto reply = Client().ask(server.endpoint(), {50ms, 5s});
  EXPECT_EQ(addresses(reply), Texts{"10.0.0.9"});
}

TEST(DnsAsking, TruncatedAnswerIsAskedOverTcp) {
  DnsServer server([](const DnsAsked& asked) {
    return Answers{asked.tcp ? response_to(asked.bytes, 0, std::vector<unsigned>(300, 5))
                             : response_to(asked.bytes, 0, {1}, true)};
  });
  const auto reply = Client().ask(server.endpoint(), kPatient);
  EXPECT_TRUE(reply.truncated);
  EXPECT_TRUE(reply.over_tcp);
  EXPECT_EQ(addresses(reply).size(), 300u);
  EXPECT_EQ(reply.tries, 2);
}

TEST(DnsAsking, TruncatedAnswerStandsWhereTcpFails) {
  for (const bool garbage : {false, true}) {
    DnsServer server([garbage](const DnsAsked& asked) {
      if (!asked.tcp) return Answers{response_to(asked.bytes, 0, {1}, true)};
      return garbage ? Answers{Bytes(40, 0xff)} : Answers{};
    });
    const auto reply = Client().ask(server.endpoint(), {200ms, 300ms});
    EXPECT_TRUE(reply.truncated);
    EXPECT_FALSE(reply.over_tcp);
    EXPECT_FALSE(reply.failure);
    EXPECT_EQ(addresses(reply), Texts{"10.0.0.1"});
  }
}

DnsReply ask_over_tcp(const Endpoint& server, Tries tries) {
  Client client;
  client.over_tcp = true;
  return client.ask(server, std::move(tries));
}

TEST(DnsAsking, AsksOverTcpAtOnceWhereUdpIsSilent) {
  DnsServer server([](const DnsAsked& asked) {
    return asked.tcp ? Answers{response_to(asked.bytes, 0, {3})} : Answers{};
  });
  const auto reply = ask_over_tcp(server.endpoint(), kPatient);
  EXPECT_EQ(addresses(reply), Texts{"10.0.0.3"});
  EXPECT_TRUE(reply.over_tcp);
  EXPECT_FALSE(reply.truncated);
  EXPECT_EQ(reply.tries, 1);
  EXPECT_TRUE(server.udp_peers().empty()) << "no datagram at all";
}

TEST(DnsAsking, SilenceOverTcpTakesAllWaitsAndOneQuestion) {
  const test::SilentPort silent;
  const auto reply = ask_over_tcp(silent.endpoint(), kShort);
  EXPECT_EQ(reply.failure, Failure::timed_out);
  EXPECT_TRUE(reply.over_tcp);
  EXPECT_EQ(reply.tries, 1);
  EXPECT_GE(reply.took, 280ms);
  EXPECT_LT(reply.took, 1500ms);
}

TEST(DnsAsking, TcpThatIsRefusedOrCutOrMisusedIsToldApart) {
  const auto refused = ask_over_tcp(test::closed_port(), kPatient);
  EXPECT_EQ(refused.failure, Failure::refused);
  EXPECT_TRUE(refused.over_tcp);
  DnsServer closing([](const DnsAsked&) { return Answers{}; });
  EXPECT_EQ(ask_over_tcp(closing.endpoint(), kPatient).failure, Failure::reset);
  DnsServer garbage([](const DnsAsked& asked) {
    Bytes misfit = response_to(asked.bytes, 0, {1});
    misfit.resize(misfit.size() - 5);
    return Answers{misfit};
  });
  EXPECT_TRUE(ask_over_tcp(garbage.endpoint(), {300ms}).failure);
}

TEST(DnsAsking, GarbageIsMalformed) {
  DnsServer server([](const DnsAsked&) {
    return Answers{Bytes{'h', 'e', 'l', 'l', 'o'}, Bytes{}};
  });
  const auto reply = Client().ask(server.endpoint(), kShort);
  EXPECT_EQ(reply.failure, Failure::malformed_answer);
  EXPECT_EQ(reply.tries, 3);
}

TEST(DnsAsking, WrongIdOrQuestionIsMalformed) {
  for (const bool wrong_id : {true, false}) {
    DnsServer server([wrong_id](const DnsAsked& asked) {
      Bytes answer = response_to(asked.bytes, 0, {1});
      answer[wrong_id ? 0 : 13] ^= 0x01;
      return Answers{answer};
    });
    EXPECT_EQ(Client().ask(server.endpoint(), kShort).failure, Failure::malformed_answer)
        << wrong_id;
  }
}

TEST(DnsAsking, AForgedAnswerDoesNotWin) {
  DnsServer server([](const DnsAsked& asked) {
    Bytes forged = response_to(asked.bytes, 0, {66});
    forged[0] ^= 0x01;
    return Answers{forged, Bytes{1, 2, 3}, response_to(asked.bytes, 0, {1})};
  });
  const auto reply = Client().ask(server.endpoint(), kPatient);
  EXPECT_EQ(addresses(reply), Texts{"10.0.0.1"});
  EXPECT_FALSE(reply.failure);
}

// A UDP socket that is connected elsewhere holds its port and has the kernel refuse everybody else.
TEST(DnsAsking, PortUnreachableIsRefused) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
  ASSERT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
  const std::uint16_t port = ntohs(at.sin_port);
  at.sin_port = htons(9);
  ASSERT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
  const auto reply = Client().ask({Address::v4({127, 0, 0, 1}), port}, kPatient);
  EXPECT_EQ(reply.failure, Failure::refused);
  EXPECT_EQ(reply.raw, "ECONNREFUSED");
  EXPECT_EQ(reply.tries, 1);
  EXPECT_LT(reply.took, 2s);
  ::close(fd);
}

TEST(DnsAsking, LeavesFromTheGivenAddress) {
  DnsServer server([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  Client(Address::parse("127.0.0.2")).ask(server.endpoint(), kPatient);
  ASSERT_EQ(server.udp_peers().size(), 1u);
  EXPECT_EQ(server.udp_peers().begin()->first, "127.0.0.2");
  const auto foreign = Client(Address::parse("192.0.2.1")).ask(server.endpoint(), kPatient);
  EXPECT_EQ(foreign.failure, Failure::address_unavailable);
}

TEST(DnsAsking, AsksNothingForWhatIsNoName) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  const auto reply = Client().ask(server.endpoint(), kPatient, "a..b");
  EXPECT_EQ(reply.failure, Failure::nxdomain);
  EXPECT_EQ(reply.tries, 0);
  EXPECT_EQ(server.asked(), 0);
}

TEST(DnsAsking, ManyQuestionsShareOneSocket) {
  DnsServer server([](const DnsAsked& asked) {
    return Answers{response_to(asked.bytes, 0, {static_cast<unsigned>(asked.bytes[14] - '0')})};
  });
  Client client;
  int right = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string name =
        "x" + std::to_string(i % 10) + "." + std::to_string(i / 10) + ".example";
    const std::string expected = "10.0.0." + std::to_string(i % 10);
    client.resolver.ask(
        {server.endpoint(), name, DnsType::a}, kPatient, Clock::now() + 10s,
        [&right, expected](DnsReply reply) { right += addresses(reply) == Texts{expected}; });
  }
  client.io.run();
  EXPECT_EQ(right, 200);
  EXPECT_EQ(server.udp_peers().size(), 1u);
}

TEST(DnsAsking, TwoResolversAreAskedByThemselves) {
  DnsServer good([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  DnsServer silent([](const DnsAsked&) { return Answers{}; });
  Client client;
  std::vector<std::string> order;
  for (DnsServer* server : {&silent, &good})
    client.resolver.ask(
        {server->endpoint(), "db.example", DnsType::a}, kShort, Clock::now() + 10s,
        [&order](DnsReply reply) { order.push_back(reply.failure ? "silent" : "good"); });
  client.io.run();
  EXPECT_EQ(order, (Texts{"good", "silent"}));
  EXPECT_EQ(good.asked(), 1) << "nobody is asked in another's place";
}

TEST(DnsAsking, NothingIsCalledAfterItsEnd) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  asio::io_context io;
  bool called = false;
  {
    Resolver resolver(io.get_executor(), std::nullopt, 0);
    resolver.ask({server.endpoint(), "db.example", DnsType::a}, {30s}, Clock::now() + 30s,
                 [&called](DnsReply) { called = true; });
    io.run_for(20ms);
  }
  const auto before = Clock::now();
  io.run();
  EXPECT_LT(Clock::now() - before, 5s) << "nothing is left that keeps the loop alive";
  EXPECT_FALSE(called);
}

TEST(DnsAsking, AgreesWithUnbound) {
  if (std::system("PATH=$PATH:/usr/sbin command -v unbound >/dev/null") != 0)
    GTEST_SKIP() << "NOT TESTED against a real resolver: no unbound on PATH (apt install unbound)";
  test::Unbound unbound;
  unbound.start();
  Client client;
  DnsReply reply;
  const auto limit = Clock::now() + 20s;
  do {  // refused until it listens
    unbound.start_again_if_ended();
    reply = client.ask(unbound.endpoint(), {200ms}, "db.corp.example");
  } while (!reply.message && Clock::now() < limit);
  ASSERT_TRUE(reply.message);
  EXPECT_EQ(addresses(reply), Texts{"10.1.2.3"});
  EXPECT_EQ(reply.message->ttl_s, 77u);
  EXPECT_TRUE(reply.message->authoritative);

  const auto none = client.ask(unbound.endpoint(), kPatient, "gone.corp.example");
  ASSERT_TRUE(none.message);
  EXPECT_EQ(wire::rcode_name(none.message->rcode), "NXDOMAIN");
  const auto closed = client.ask(unbound.endpoint(), kPatient, "db.closed.example");
  ASSERT_TRUE(closed.message);
  EXPECT_EQ(wire::rcode_name(closed.message->rcode), "REFUSED");
  const auto family = client.ask(unbound.endpoint(), kPatient, "db.corp.example", DnsType::aaaa);
  ASSERT_TRUE(family.message);
  EXPECT_EQ(family.message->rcode, 0);
  EXPECT_TRUE(family.message->addresses.empty());
  const auto big = client.ask(unbound.endpoint(), kPatient, "big.corp.example");
  EXPECT_TRUE(big.truncated && big.over_tcp);
  EXPECT_EQ(addresses(big).size(), 100u);
}

}  // namespace
}  // namespace plumb::net
