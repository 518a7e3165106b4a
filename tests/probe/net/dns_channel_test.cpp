#include "probe/net/dns_channel.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/dns_server.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using test::DnsAsked;
using test::DnsServer;
using test::response_to;
using wire::Bytes;
using Answers = std::vector<Bytes>;
using News = DnsChannel::News;
using Transport = DnsChannel::Transport;

struct Line {
  asio::io_context io;
  std::shared_ptr<DnsChannel> channel;
  std::vector<News> news;
  Bytes answer;

  Line(const DnsServer& server, Transport transport)
      : channel(std::make_shared<DnsChannel>(io.get_executor(), server.endpoint(), transport,
                                             std::nullopt)),
        question_{server.endpoint(), "db.example", wire::DnsType::a} {}

  DnsChannel::Ticket send() {
    const auto ticket = channel->send(question_, true, [this](const DnsChannel::Event& event) {
      news.push_back(event.news);
      if (event.news == News::answer) answer = event.bytes;
    });
    EXPECT_TRUE(ticket);
    return ticket.value_or(0);
  }
  void run_until_news(std::size_t count) {
    const auto limit = Clock::now() + 10s;
    while (news.size() < count && Clock::now() < limit) io.run_one_for(100ms);
  }

 private:
  DnsQuestion question_;
};

TEST(DnsChannel, StraysComeBeforeTheAnswerAndItsBytesAreUntouched) {
  Bytes sent;
  DnsServer server([&sent](const DnsAsked& asked) {
    sent = response_to(asked.bytes, 0, {1});
    sent.push_back(0x5a);  // a byte behind the message, which a parser would drop
    return Answers{Bytes(20, 0xee), sent};
  });
  Line line(server, Transport::udp);
  line.send();
  line.run_until_news(2);
  server.end();
  EXPECT_EQ(line.news, (std::vector<News>{News::stray, News::answer}));
  EXPECT_EQ(line.answer, sent);
}

TEST(DnsChannel, AForgottenQuestionIsSilentAndItsLateAnswerIsNoStray) {
  Bytes first;
  DnsServer server([&first](const DnsAsked& asked) {
    if (asked.nth == 1) {
      first = asked.bytes;
      return Answers{};
    }
    return Answers{response_to(first, 0, {1}), response_to(asked.bytes, 0, {2})};
  });
  Line line(server, Transport::udp);
  line.channel->forget(line.send());
  line.send();
  line.run_until_news(1);
  line.io.run_for(20ms);
  EXPECT_EQ(line.news, std::vector<News>{News::answer});
}

TEST(DnsChannel, TcpThatClosesIsAnError) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Line line(server, Transport::tcp);
  line.send();
  line.run_until_news(1);
  EXPECT_EQ(line.news, std::vector<News>{News::error});
}

TEST(DnsChannel, LeftoversKeepNothingAlive) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Line line(server, Transport::udp);
  line.channel->forget(line.send());
  line.channel->drop_leftovers();
  const auto before = Clock::now();
  line.io.run();
  EXPECT_LT(Clock::now() - before, 5s);
  EXPECT_TRUE(line.news.empty());
  EXPECT_EQ(line.channel->sent(), 1);
}

}  // namespace
}  // namespace plumb::net
