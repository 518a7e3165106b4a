#include "probe/net/dns_socket.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <set>
#include <vector>

#include "tests/support/dns_server.hpp"

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
using News = std::vector<char>;  // a: answer, s: stray, e: error

struct Asker : DnsSocket::Asker {
  explicit Asker(std::string asked = "db.example") : host(std::move(asked)) {}
  std::string_view name() const override { return host; }
  bool asks_for(const wire::DnsMessage& message) const override {
    return message.question_name == host && message.question_type == 1;
  }
  void on_answer(wire::DnsMessage&&, wire::View bytes) override {
    news.push_back('a');
    answer.assign(bytes.begin(), bytes.end());
    if (then) then();
  }
  void on_stray() override { news.push_back('s'); }
  void on_error(int number) override {
    news.push_back('e');
    error = number;
    if (then) then();
  }
  std::string host;
  News news;
  Bytes answer;
  int error = 0;
  std::function<void()> then;
};

struct Line {
  asio::io_context io;
  RandomIds ids;
  std::shared_ptr<DnsSocket> socket;

  explicit Line(const Endpoint& to, std::optional<Address> source = std::nullopt)
      : socket(
            std::make_shared<DnsSocket>(io.get_executor(), to, source, DnsSocket::make_batch())) {}
  std::uint16_t send(Asker& asker) {
    return socket->send(asker, {{}, asker.host, DnsType::a}, true, ids).value_or(0);
  }
  void run_until(const std::function<bool()>& done) {
    const auto limit = Clock::now() + 10s;
    while (!done() && Clock::now() < limit) io.run_one_for(100ms);
    EXPECT_TRUE(done());
  }
  void run_until_news(const Asker& asker, std::size_t count) {
    run_until([&] { return asker.news.size() >= count; });
  }
};

TEST(DnsSocket, StraysComeBeforeTheAnswerAndItsBytesAreUntouched) {
  Bytes sent;
  DnsServer server([&sent](const DnsAsked& asked) {
    sent = response_to(asked.bytes, 0, {1});
    sent.push_back(0x5a);  // a byte behind the message, which a parser would drop
    return Answers{Bytes(20, 0xee), Bytes{}, sent};
  });
  Line line(server.endpoint());
  Asker asker;
  const auto id = line.send(asker);
  line.run_until_news(asker, 3);
  server.end();
  EXPECT_EQ(asker.news, (News{'s', 's', 'a'}));
  EXPECT_EQ(asker.answer, sent);
  EXPECT_EQ(sent[0] << 8 | sent[1], id);
}

TEST(DnsSocket, AnswersThatDoNotFitTheirQuestionAreItsStrays) {
  DnsServer server([](const DnsAsked& asked) {
    Bytes other_name = response_to(asked.bytes, 0, {1});
    other_name[13] ^= 0x01;
    Bytes bare_error{asked.bytes[0], asked.bytes[1], 0x81, 0x82, 0, 0, 0, 0, 0, 0, 0, 0};
    return Answers{other_name, bare_error};
  });
  Line line(server.endpoint());
  Asker asker;
  line.send(asker);
  line.run_until_news(asker, 2);
  EXPECT_EQ(asker.news, (News{'s', 'a'})) << "an error may come without its question";
}

TEST(DnsSocket, AnotherIdIsAStrayOfThoseWhoAskedThatOnly) {
  DnsServer server([](const DnsAsked& asked) {
    if (asked.nth < 2) return Answers{};
    Bytes forged = response_to(asked.bytes, 0, {66});
    forged[0] ^= 0x55;
    return Answers{forged, response_to(asked.bytes, 0, {1})};
  });
  Line line(server.endpoint());
  Asker bystander("other.example"), asker;
  line.send(bystander);
  line.send(asker);
  line.run_until_news(asker, 2);
  EXPECT_EQ(asker.news, (News{'s', 'a'}));
  EXPECT_EQ(bystander.news, News{});
}

TEST(DnsSocket, AForgottenTryIsSilentAndItsLateAnswerIsNoStray) {
  Bytes first;
  DnsServer server([&first](const DnsAsked& asked) {
    if (asked.nth == 1) {
      first = asked.bytes;
      return Answers{};
    }
    return Answers{response_to(first, 0, {1}), response_to(asked.bytes, 0, {2})};
  });
  Line line(server.endpoint());
  Asker gone, asker;
  line.socket->forget(line.send(gone));
  line.send(asker);
  line.run_until_news(asker, 1);
  line.io.run_for(20ms);
  EXPECT_EQ(asker.news, News{'a'});
  EXPECT_EQ(gone.news, News{});
}

TEST(DnsSocket, WithoutAQuestionNothingKeepsTheLoopAlive) {
  DnsServer server([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  Line line(server.endpoint());
  for (int round = 0; round < 3; ++round) {  // and it wakes up again
    Asker asker;
    const auto id = line.send(asker);
    asker.then = [&] { line.socket->forget(id); };
    line.io.restart();
    line.io.run();
    EXPECT_EQ(asker.news, News{'a'}) << round;
  }
  EXPECT_EQ(server.udp_peers().size(), 1u) << "one port";
}

TEST(DnsSocket, NoIdIsUsedTwiceAndSomedayItIsWornOut) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Line line(server.endpoint());
  Asker asker;
  std::set<std::uint16_t> seen;
  for (int i = 0; i < DnsSocket::kMostTries; ++i) {
    ASSERT_TRUE(line.socket->usable());
    const auto id = line.send(asker);
    EXPECT_TRUE(seen.insert(id).second);
    line.socket->forget(id);
  }
  EXPECT_FALSE(line.socket->usable());
}

TEST(DnsSocket, WhatIsAskedInOneTurnLeavesAtItsEnd) {
  DnsServer server([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  Line line(server.endpoint());
  std::vector<Asker> askers(100);  // more than one call takes
  for (std::size_t i = 0; i < askers.size(); ++i) {
    askers[i].host = std::string(i % 50 + 1, 'x') + ".example";
    line.send(askers[i]);
  }
  EXPECT_EQ(server.asked(), 0);
  for (const Asker& asker : askers) line.run_until_news(asker, 1);
  for (const Asker& asker : askers) EXPECT_EQ(asker.news, News{'a'}) << asker.host;
  EXPECT_EQ(server.asked(), 100);
}

TEST(DnsSocket, OfManyAskedAtOnceEachHearsOfARefusal) {
  int closed = 0;
  {
    DnsServer server([](const DnsAsked&) { return Answers{}; });
    closed = server.endpoint().port;
  }
  Line line({Address::v4({127, 0, 0, 1}), static_cast<std::uint16_t>(closed)});
  std::vector<Asker> askers(70);
  for (Asker& asker : askers) line.send(asker);
  for (const Asker& asker : askers) line.run_until_news(asker, 1);
  for (const Asker& asker : askers) EXPECT_EQ(asker.error, ECONNREFUSED);
}

TEST(DnsSocket, ErrorsReachEverybodyButNotFromWithinSend) {
  Line line({Address::v4({127, 0, 0, 1}), 9}, Address::parse("192.0.2.1"));  // not this host's
  EXPECT_FALSE(line.socket->usable());
  Asker one, other;
  line.send(one);
  line.send(other);
  EXPECT_TRUE(one.news.empty());
  line.io.run();
  EXPECT_EQ(one.news, News{'e'});
  EXPECT_EQ(other.news, News{'e'});
  EXPECT_EQ(one.error, EADDRNOTAVAIL);
}

TEST(DnsSocket, WhoIsToldMayEndIt) {
  DnsServer server([](const DnsAsked& asked) { return Answers{response_to(asked.bytes, 0, {1})}; });
  Line line(server.endpoint());
  Asker one, other;
  const auto end = [&] { line.socket.reset(); };
  one.then = other.then = end;
  const auto first = line.send(one), second = line.send(other);
  one.then = [&, socket = line.socket.get()] {
    socket->forget(first);
    socket->forget(second);
    line.socket.reset();
  };
  other.then = one.then;
  line.io.run();
  EXPECT_EQ(one.news.size() + other.news.size(), 1u);
}

}  // namespace
}  // namespace plumb::net
