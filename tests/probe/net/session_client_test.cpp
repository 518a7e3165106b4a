// What needs no server: that nothing begins without TLS, that time-outs hold, and that no error text
// holds the password. Sessions with real servers: tests/lab/purposes_test.py.
#include "probe/net/session_client.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "tests/support/in_time.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/mysql_frames.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;

class NothingAsked : public wire::SessionTalk {
 public:
  std::optional<std::string> next(const wire::SessionResult*) override {
    asked = true;
    return std::nullopt;
  }
  Observation observation() const override {
    Observation seen;
    seen.phase = Phase::session;
    return seen;
  }
  bool asked = false;
};

SessionOrder order_for(const Endpoint& server) {
  SessionOrder order;
  order.host = server.address.to_string();
  order.port = server.port;
  order.account = {"app", Secret("hunter2-not-to-be-seen"), true, {}};
  return order;
}

SessionEnd hold(const SessionOrder& order, std::chrono::milliseconds budget = 2s) {
  NothingAsked talk;
  SessionEnd end = hold_session(order, talk, Clock::now() + budget);
  EXPECT_FALSE(talk.asked);
  EXPECT_EQ(end.observation.failure, Failure::session_error);
  EXPECT_EQ(end.observation.raw.find("hunter2"), std::string::npos) << end.observation.raw;
  return end;
}

TEST(SessionClient, AClosedPortIsAnErrorInItsWords) {
  const SessionEnd end = hold(order_for(test::closed_port()));
  EXPECT_NE(end.observation.raw.find("error 2002"), std::string::npos) << end.observation.raw;
  EXPECT_FALSE(end.cut);
}

TEST(SessionClient, AServerWithoutTlsGetsNoLogin) {
  std::atomic<long> heard{0};
  test::LoopbackServer server([&heard](int fd) {
    const auto hello = test::GreetingFrame().bytes();  // offers no TLS
    ::send(fd, hello.data(), hello.size(), MSG_NOSIGNAL);
    char buffer[4096];
    for (ssize_t got = 1; got > 0; heard += std::max<ssize_t>(got, 0))
      got = ::recv(fd, buffer, sizeof buffer, 0);
  });
  hold(order_for(server.endpoint()));
  EXPECT_EQ(heard, 0) << "a login went to a server without TLS";
}

TEST(SessionClient, ASilentServerCostsTheTimeOut) {
  test::LoopbackServer server([](int fd) {
    char byte = 0;
    while (::recv(fd, &byte, 1, 0) > 0) {
    }
  });
  SessionEnd end;
  EXPECT_TRUE(test::in_time(4s, [&] { end = hold(order_for(server.endpoint()), 1s); }));
  EXPECT_TRUE(end.cut);
}

TEST(SessionClient, GarbageIsAnError) {
  test::LoopbackServer server([](int fd) {
    const std::string text = "HTTP/1.1 400 Bad Request\r\n\r\n";
    ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_RDWR);
  });
  hold(order_for(server.endpoint()));
}

}  // namespace
}  // namespace plumb::net
