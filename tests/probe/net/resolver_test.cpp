#include "probe/net/resolver.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/dns_server.hpp"
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

const Tries kPatient{2s, 2s, 2s}, kShort{40ms, 80ms, 160ms};
constexpr double kNoLimit = 0;

struct Client {
  asio::io_context io;
  Resolver resolver;
  std::vector<DnsReply> replies;  // in the order in which they came

  explicit Client(double rate = kNoLimit) : resolver(io.get_executor(), std::nullopt, rate) {}

  void ask(const Endpoint& server, const std::string& name = "db.example",
           const Tries& tries = kPatient, DnsType type = DnsType::a,
           std::chrono::milliseconds limit = 10s) {
    const std::size_t before = replies.size();
    resolver.ask({server, name, type}, tries, Clock::now() + limit,
                 [this](DnsReply reply) { replies.push_back(std::move(reply)); });
    EXPECT_EQ(replies.size(), before) << "called from within ask()";
  }
  void run() {
    io.restart();
    io.run();
  }
};

Answers one_address(const DnsAsked& asked) { return {response_to(asked.bytes, 0, {1})}; }

TEST(Resolver, AnAnswerServesEverybodyWhileItsTtlHasNotPassed) {
  DnsServer server(one_address);
  Client client;
  client.ask(server.endpoint(), "db.example");
  client.run();
  client.ask(server.endpoint(), "DB.Example");
  client.run();
  ASSERT_EQ(client.replies.size(), 2u);
  EXPECT_EQ(server.asked(), 1);
  EXPECT_FALSE(client.replies[0].shared);
  EXPECT_FALSE(client.replies[0].age);
  EXPECT_TRUE(client.replies[1].shared);
  EXPECT_TRUE(client.replies[1].age);
  EXPECT_EQ(client.replies[1].message->addresses, client.replies[0].message->addresses);
  EXPECT_EQ(client.replies[1].took, client.replies[0].took);
}

TEST(Resolver, ANewRunAsksAnew) {
  unsigned address = 0;
  DnsServer server([&address](const DnsAsked& asked) {
    return Answers{response_to(asked.bytes, 0, {++address})};
  });
  Client client;
  for (int run = 0; run < 2; ++run) {
    client.resolver.forget();
    client.ask(server.endpoint());
    client.run();
  }
  EXPECT_EQ(server.asked(), 2);
  EXPECT_FALSE(client.replies.at(1).shared);
  EXPECT_EQ(client.replies.at(1).message->addresses.front().to_string(), "10.0.0.2")
      << "who waits for the DNS to change sees it";
}

TEST(Resolver, EqualQuestionsUnderWayAreOne) {
  DnsServer server(one_address);
  Client client;
  for (int i = 0; i < 3; ++i) client.ask(server.endpoint());
  client.run();
  ASSERT_EQ(client.replies.size(), 3u);
  EXPECT_EQ(server.asked(), 1);
  EXPECT_FALSE(client.replies[0].shared) << "whose question it was";
  for (const int i : {1, 2}) {
    const DnsReply& reply = client.replies[static_cast<std::size_t>(i)];
    EXPECT_TRUE(reply.shared);
    EXPECT_FALSE(reply.age);
    EXPECT_TRUE(reply.message);
    EXPECT_EQ(reply.tries, 1);
  }
}

TEST(Resolver, FamiliesAndResolversAreAskedByThemselves) {
  DnsServer server(one_address), other(one_address);
  Client client;
  client.ask(server.endpoint());
  client.ask(server.endpoint(), "db.example", kPatient, DnsType::aaaa);
  client.ask(other.endpoint());
  client.run();
  EXPECT_EQ(client.replies.size(), 3u);
  EXPECT_EQ(server.asked(), 2);
  EXPECT_EQ(other.asked(), 1);
  for (const DnsReply& reply : client.replies) EXPECT_FALSE(reply.shared);
}

TEST(Resolver, TroubleIsSharedOnlyByThoseWhoMetItTogether) {
  DnsServer silent([](const DnsAsked&) { return Answers{}; });
  DnsServer failing([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 2)}; });
  Client client;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2; ++i) {
      client.ask(silent.endpoint(), "db.example", kShort);
      client.ask(failing.endpoint(), "db.example", kShort);
    }
    client.run();
  }
  EXPECT_EQ(client.replies.size(), 8u);
  EXPECT_EQ(silent.asked(), 2 * 3) << "three tries in each round";
  EXPECT_EQ(failing.asked(), 2);
}

TEST(Resolver, NobodyWaitsLongerForAnothersQuestionThanForHisOwn) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Client client;
  client.ask(server.endpoint(), "db.example", {200ms});
  client.ask(server.endpoint(), "db.example", {200ms}, DnsType::a, 50ms);  // in more of a hurry
  client.ask(server.endpoint(), "db.example", {20ms});                     // gives up sooner
  client.run();
  ASSERT_EQ(client.replies.size(), 3u);
  EXPECT_EQ(server.asked(), 3);
  EXPECT_LT(client.replies[0].took, client.replies[2].took);
  for (const DnsReply& reply : client.replies) EXPECT_FALSE(reply.shared);
}

// A burst of twelve, then one a second.
TEST(Resolver, WhoWaitsForTheRateLosesNoTime) {
  DnsServer server(one_address);
  Client client(1);
  for (int i = 0; i < 13; ++i)
    client.ask(server.endpoint(), "x" + std::to_string(i) + ".example", kPatient, DnsType::a,
               900ms);
  client.ask(server.endpoint(), "x12.example", kPatient, DnsType::a, 10s);
  client.run();
  ASSERT_EQ(client.replies.size(), 14u);
  EXPECT_EQ(server.asked(), 13);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(client.replies[i].waited, 0us) << i;
  for (const std::size_t i : {12u, 13u}) {  // he who was joined waited, too
    const DnsReply& late = client.replies[i];
    EXPECT_GE(late.waited, 900ms);
    EXPECT_TRUE(late.message) << late.raw;
    EXPECT_LT(late.took, late.waited) << "not counting the wait";
  }
}

TEST(Resolver, RepetitionsTakeTurnsToo) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Client client(2);
  for (int i = 0; i < 5; ++i)
    client.ask(server.endpoint(), "x" + std::to_string(i) + ".example", {10ms, 10ms, 10ms});
  const auto before = Clock::now();
  client.run();
  EXPECT_EQ(server.asked(), 15);
  EXPECT_GE(Clock::now() - before, 1400ms) << "three beyond the burst";
  int waited = 0;
  for (const DnsReply& reply : client.replies) {
    EXPECT_EQ(reply.tries, 3);
    EXPECT_EQ(reply.failure, Failure::timed_out);
    waited += reply.waited > 0us;
  }
  EXPECT_GE(waited, 1);
}

TEST(Resolver, AnInterruptEndsQuestionsAndTheWaitingForThem) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Client client(0.001);
  for (int i = 0; i < 14; ++i)
    client.ask(server.endpoint(), "x" + std::to_string(i) + ".example", {30s});
  client.ask(server.endpoint(), "x0.example", {30s});
  const auto before = Clock::now();
  asio::post(client.io, [&client] { client.resolver.stop(); });
  client.run();
  EXPECT_LT(Clock::now() - before, 5s);
  ASSERT_EQ(client.replies.size(), 15u);
  for (const DnsReply& reply : client.replies) EXPECT_EQ(reply.failure, Failure::cancelled);
}

TEST(Resolver, NothingIsCalledAfterItsEnd) {
  DnsServer server(one_address);
  asio::io_context io;
  int called = 0;
  {
    Resolver resolver(io.get_executor(), std::nullopt, kNoLimit);
    const auto count = [&called](const DnsReply&) { ++called; };
    const DnsQuestion question{server.endpoint(), "db.example", DnsType::a};
    resolver.ask(question, kPatient, Clock::now() + 10s, count);
    while (called == 0) io.run_one();
    resolver.ask(question, kPatient, Clock::now() + 10s, count);  // known: told in a moment
  }
  io.restart();
  io.run();
  EXPECT_EQ(called, 1);
}

TEST(Resolver, MayBeDestroyedByAHandler) {
  DnsServer server([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  asio::io_context io;
  auto resolver = std::make_unique<Resolver>(io.get_executor(), std::nullopt, 0);
  int called = 0;
  for (int i = 0; i < 3; ++i)
    resolver->ask({server.endpoint(), "db.example", DnsType::a}, kPatient, Clock::now() + 10s,
                  [&](DnsReply) {
                    ++called;
                    resolver.reset();
                  });
  io.run();
  EXPECT_EQ(called, 1);
}

TEST(Resolver, SharesWhatUnboundSays) {
  if (std::system("PATH=$PATH:/usr/sbin command -v unbound >/dev/null") != 0)
    GTEST_SKIP() << "NOT TESTED against a real resolver: no unbound on PATH (apt install unbound)";
  test::Unbound unbound;
  unbound.start();
  Client client;
  const auto limit = Clock::now() + 20s;
  do {  // refused until it listens
    unbound.start_again_if_ended();
    client.replies.clear();
    client.ask(unbound.endpoint(), "db.corp.example", {200ms});
    client.run();
  } while (!client.replies.at(0).message && Clock::now() < limit);
  for (const char* name : {"db.corp.example", "big.corp.example", "big.corp.example",
                           "db.closed.example", "db.closed.example"}) {
    client.ask(unbound.endpoint(), name);
    client.run();
  }
  ASSERT_EQ(client.replies.size(), 6u);
  EXPECT_TRUE(client.replies[1].shared);
  EXPECT_EQ(client.replies[1].message->addresses, client.replies[0].message->addresses);
  EXPECT_FALSE(client.replies[2].shared);
  EXPECT_TRUE(client.replies[3].shared && client.replies[3].truncated && client.replies[3].over_tcp)
      << "came over TCP";
  EXPECT_EQ(client.replies[3].message->addresses.size(), 100u);
  EXPECT_FALSE(client.replies[5].shared) << "REFUSED is asked again";
}

}  // namespace
}  // namespace plumb::net
