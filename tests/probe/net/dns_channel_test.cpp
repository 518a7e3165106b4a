#include "probe/net/dns_channel.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

#include "tests/support/dns_server.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using test::DnsAsked;
using test::DnsServer;
using test::response_to;
using wire::Bytes;
using Answers = std::vector<Bytes>;

struct Line {
  asio::io_context io;
  std::shared_ptr<DnsChannel> channel;
  std::vector<DnsChannel::Event> events;

  explicit Line(const Endpoint& to)
      : channel(std::make_shared<DnsChannel>(io.get_executor(), to, std::nullopt)) {}

  DnsChannel::Ticket send(std::uint16_t id = 7) {
    const auto query = wire::dns_query("db.example", wire::DnsType::a, id);
    return channel->send(query.value_or(Bytes()),
                         [this](const DnsChannel::Event& event) { events.push_back(event); });
  }
  void run_until_events(std::size_t count) {
    const auto limit = Clock::now() + 10s;
    while (events.size() < count && Clock::now() < limit) io.run_one_for(100ms);
  }
};

TEST(DnsChannel, BringsTheMessage) {
  Bytes sent;
  DnsServer server([&sent](const DnsAsked& asked) {
    EXPECT_TRUE(asked.tcp);
    return Answers{sent = response_to(asked.bytes, 0, {1})};
  });
  Line line(server.endpoint());
  line.send();
  EXPECT_TRUE(line.events.empty()) << "not from within send()";
  line.run_until_events(1);
  server.end();
  ASSERT_EQ(line.events.size(), 1u);
  EXPECT_EQ(line.events[0].error, 0);
  EXPECT_EQ(line.events[0].bytes, sent);
}

TEST(DnsChannel, AConnectionThatClosesIsAnError) {
  DnsServer server([](const DnsAsked&) { return Answers{}; });
  Line line(server.endpoint());
  line.send();
  line.run_until_events(1);
  ASSERT_EQ(line.events.size(), 1u);
  EXPECT_NE(line.events[0].error, 0);
}

TEST(DnsChannel, ARefusedConnectionIsAnErrorThatComesLater) {
  Line line(test::closed_port());
  line.send();
  EXPECT_TRUE(line.events.empty());
  line.run_until_events(1);
  ASSERT_EQ(line.events.size(), 1u);
  EXPECT_EQ(line.events[0].error, ECONNREFUSED);
}

TEST(DnsChannel, AForgottenQuestionIsSilentAndKeepsNothingAlive) {
  const test::SilentPort silent;
  Line line(silent.endpoint());
  line.channel->forget(line.send(1));
  line.channel->forget(line.send(2));
  const auto before = Clock::now();
  line.io.run();
  EXPECT_LT(Clock::now() - before, 5s);
  EXPECT_TRUE(line.events.empty());
}

}  // namespace
}  // namespace plumb::net
