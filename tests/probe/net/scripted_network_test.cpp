#include "probe/net/scripted_network.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "probe/model/keys.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

// Runs one awaitable to its end.
template <class T>
T run(asio::io_context& io, awaitable<T> task) {
  std::optional<T> result;
  asio::co_spawn(io, std::move(task),
                 [&result](const std::exception_ptr&, T value) { result = std::move(value); });
  io.restart();
  io.run();
  return *std::move(result);
}

Endpoint at(const char* text) { return *Endpoint::parse(text); }

class Scripted : public testing::Test {
 protected:
  DnsReply ask(const char* resolver, const char* name, wire::DnsType type = wire::DnsType::a) {
    ScriptedNetwork network(io_.get_executor(), world_);
    return run(io_, network.ask({DnsQuestion{at(resolver), name, type}}, {400ms, 800ms, 1600ms},
                                Clock::now() + seconds(10)))
        .front();
  }
  Connected connect(const char* endpoint) {
    ScriptedNetwork network(io_.get_executor(), world_);
    return run(io_, network.connect(at(endpoint), ConnectOptions{}, Clock::now() + seconds(10)));
  }
  void answer(const char* resolver, const char* name, const char* address) {
    world_.answers[{at(resolver), name, wire::DnsType::a}].message.addresses = {
        *Address::parse(address)};
  }

  asio::io_context io_{1};
  ScriptedWorld world_;
};

TEST_F(Scripted, AnswersWhatTheWorldSays) {
  answer("10.0.0.2:53", "db.example.com", "10.0.1.10");
  const DnsReply reply = ask("10.0.0.2:53", "db.example.com");
  ASSERT_TRUE(reply.message);
  EXPECT_TRUE(reply.message->response);
  EXPECT_EQ(reply.message->question_name, "db.example.com");
  EXPECT_EQ(reply.message->addresses.at(0).to_string(), "10.0.1.10");
}

TEST_F(Scripted, TheOtherTypeIsNodataAnotherNameNxdomain) {
  answer("10.0.0.2:53", "db.example.com", "10.0.1.10");
  const DnsReply other_type = ask("10.0.0.2:53", "db.example.com", wire::DnsType::aaaa);
  EXPECT_EQ(other_type.message->rcode, 0);
  EXPECT_TRUE(other_type.message->addresses.empty());
  EXPECT_EQ(ask("10.0.0.2:53", "gone.example.com").message->rcode, 3);
}

TEST_F(Scripted, UnknownResolverIsSilentForAllItsTriesInNoTime) {
  const auto began = Clock::now();
  const DnsReply reply = ask("10.0.0.9:53", "db.example.com");
  EXPECT_EQ(reply.failure, Failure::timed_out);
  EXPECT_EQ(reply.tries, 3);
  EXPECT_EQ(reply.took, Micros(2800ms));
  EXPECT_LT(Clock::now() - began, 1s);
}

TEST_F(Scripted, UnknownEndpointIsSilentUntilTheDeadlineInNoTime) {
  const auto began = Clock::now();
  const Connected result = connect("10.0.1.10:3306");
  EXPECT_EQ(result.connection, nullptr);
  EXPECT_EQ(result.observation.failure, Failure::timed_out);
  EXPECT_GT(result.observation.took, Micros(9s));
  EXPECT_LT(Clock::now() - began, 1s);
}

TEST_F(Scripted, AKernelThatCountsKnowsWhatItHeldBack) {
  world_.locality.syns = SynCounters{10, 5};
  world_.endpoints[at("10.0.1.10:3306")].held_back = true;
  ScriptedNetwork network(io_.get_executor(), world_);
  const auto left = [&](const char* endpoint) {
    const Connected seen =
        run(io_, network.connect(at(endpoint), ConnectOptions{}, Clock::now() + seconds(10)));
    EXPECT_EQ(seen.observation.failure, Failure::timed_out);
    return *seen.observation.facts.get(key::tcp_syn_left);
  };
  EXPECT_FALSE(left("10.0.1.10:3306"));
  EXPECT_EQ(network.locality().syns->resent, 13);
  EXPECT_EQ(network.locality().syns->unsent, 8);
  EXPECT_TRUE(left("10.0.1.10:4000"));
  EXPECT_EQ(network.locality().syns->resent, 16);
  EXPECT_EQ(network.locality().syns->unsent, 8);
  world_.locality.syns.reset();
  EXPECT_FALSE(connect("10.0.1.10:3306").observation.facts.has(key::tcp_syn_left));
}

TEST_F(Scripted, FailureKeepsItsFacts) {
  ScriptedEndpoint endpoint;
  endpoint.failure = Failure::admin_prohibited;
  endpoint.facts.set(key::tcp_icmp_from, std::string("10.0.0.1"));
  world_.endpoints[at("10.0.1.10:3306")] = endpoint;
  const Observation seen = connect("10.0.1.10:3306").observation;
  EXPECT_EQ(seen.phase, Phase::connect);
  EXPECT_EQ(seen.endpoint, "10.0.1.10:3306");
  EXPECT_EQ(*seen.facts.get(key::tcp_icmp_from), "10.0.0.1");
  EXPECT_EQ(*seen.facts.get(key::tcp_errno), "EHOSTUNREACH");
}

TEST_F(Scripted, GetaddrinfoReadsHostsFirst) {
  answer("10.0.0.2:53", "db.example.com", "10.0.1.10");
  const auto deadline = Clock::now() + seconds(1);
  ScriptedNetwork dns(io_.get_executor(), world_);
  EXPECT_EQ(run(io_, dns.ask_system("db.example.com", deadline)).addresses.at(0).to_string(),
            "10.0.1.10");
  world_.hosts = "10.9.9.9 db.example.com\n";
  ScriptedNetwork hosts(io_.get_executor(), world_);
  EXPECT_EQ(run(io_, hosts.ask_system("db.example.com", deadline)).addresses.at(0).to_string(),
            "10.9.9.9");
  EXPECT_EQ(run(io_, hosts.ask_system("gone.example.com", deadline)).error, "EAI_NONAME");
}

// An exchange that receives until it is broken, and keeps what happened.
class Listening : public wire::Exchange {
 public:
  wire::Action next(const wire::Event& event, Micros time) override {
    at = time;
    if (const auto* received = std::get_if<wire::Received>(&event))
      heard.append(wire::as_text(received->bytes));
    if (const auto* ended = std::get_if<wire::TlsEnded>(&event)) tls = ended->report.failure;
    if (const auto* end = std::get_if<wire::Broken>(&event)) {
      broken = end->failure;
      return wire::Finish{};
    }
    if (wants_tls) {
      wants_tls = false;
      return wire::StartTls{};
    }
    return wire::Receive{};
  }
  std::vector<Observation> observations() const override { return {}; }
  wire::Ending ending() const override { return wire::Ending::no_server; }
  std::optional<wire::LoginAnswer> login_answer() const override { return std::nullopt; }
  bool account_tried() const override { return false; }
  Phase phase() const override { return Phase::greeting; }

  std::string heard;
  std::optional<Failure> broken, tls;
  Micros at{0};
  bool wants_tls = false;
};

class Conversing : public Scripted {
 protected:
  void converse(Listening& exchange, std::vector<Line> lines, wire::TlsReport tls = {}) {
    world_.endpoints[at("10.0.1.10:3306")].peer = [=] {
      return std::make_unique<RecitingPeer>(lines, tls);
    };
    ScriptedNetwork network(io_.get_executor(), world_);
    const auto deadline = Clock::now() + seconds(10);
    Connected result = run(io_, network.connect(at("10.0.1.10:3306"), ConnectOptions{}, deadline));
    ASSERT_TRUE(result.connection);
    const wire::TlsSettings settings;
    asio::co_spawn(io_, network.converse(*result.connection, exchange, settings, deadline),
                   asio::detached);
    io_.restart();
    io_.run();
  }
};

TEST_F(Conversing, LinesThenTheEnd) {
  Listening exchange;
  converse(exchange, {Line{{'a'}, {}, 5ms}, Line{{'b'}, {}, 7ms}});
  EXPECT_EQ(exchange.heard, "ab");
  EXPECT_EQ(exchange.broken, Failure::eof);
  EXPECT_EQ(exchange.at, Micros(12ms));
}

TEST_F(Conversing, SilenceTakesTheRestOfTheBudgetWithoutSpendingIt) {
  const auto began = Clock::now();
  Listening exchange;
  converse(exchange, {Line{{'a'}, {}, 5ms}, Line{{}, Failure::timed_out, 0ms}});
  EXPECT_EQ(exchange.heard, "a");
  EXPECT_EQ(exchange.broken, Failure::timed_out);
  EXPECT_GT(exchange.at, Micros(9s));
  EXPECT_LT(Clock::now() - began, 1s);
}

TEST_F(Conversing, ALineThatComesAfterTheDeadlineDoesNotCome) {
  Listening exchange;
  converse(exchange, {Line{{'a'}, {}, 11s}});
  EXPECT_EQ(exchange.heard, "");
  EXPECT_EQ(exchange.broken, Failure::timed_out);
}

TEST_F(Conversing, TlsEndsAsThePeerSays) {
  Listening exchange;
  exchange.wants_tls = true;
  wire::TlsReport report;
  report.failure = Failure::tls_alert;
  converse(exchange, {}, report);
  EXPECT_EQ(exchange.tls, Failure::tls_alert);

  Listening stalled;
  stalled.wants_tls = true;
  report.failure = Failure::timed_out;
  converse(stalled, {}, report);
  EXPECT_EQ(stalled.broken, Failure::timed_out);
}

}  // namespace
}  // namespace plumb::net
