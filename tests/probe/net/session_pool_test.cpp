// The pool's promises, over servers that never answer: nobody waits beyond his deadline, a ticket
// that is gone is told nothing, and the event loop is not held up.
#include "probe/net/session_pool.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <list>
#include <optional>
#include <thread>

#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using namespace std::chrono_literals;

class Mute : public wire::SessionTalk {
 public:
  std::optional<std::string> next(const wire::SessionResult*) override { return std::nullopt; }
  Observation observation() const override { return {}; }
};

void stay_silent(int fd) {
  char byte = 0;
  while (::recv(fd, &byte, 1, 0) > 0) {
  }
}

SessionOrder order_for(const Endpoint& server) {
  SessionOrder order;
  order.host = server.address.to_string();
  order.port = server.port;
  order.account = {"app", Secret("pw"), true, {}};
  return order;
}

void run_until(asio::io_context& io, Clock::duration limit, const bool& done) {
  net::Timer timer(io, limit);
  timer.async_wait([](const error_code&) {});
  while (!done && io.run_one() > 0) {
    if (timer.expiry() <= Clock::now()) break;
  }
}

TEST(SessionPool, TellsWhoWaitsOnHisExecutor) {
  asio::io_context io{1};
  SessionPool pool;
  bool told = false;
  std::optional<Failure> failure;
  const auto ticket = pool.begin(order_for(test::closed_port()), std::make_unique<Mute>(),
                                 Clock::now() + 2s, io.get_executor(), [&](SessionEnd end) {
                                   told = true;
                                   failure = end.observation.failure;
                                 });
  run_until(io, 5s, told);
  EXPECT_TRUE(told);
  EXPECT_TRUE(ticket.begun());
  EXPECT_EQ(failure, Failure::session_error);
}

TEST(SessionPool, ATicketThatIsGoneIsToldNothing) {
  bool told = false;
  asio::io_context io{1};
  {
    SessionPool pool;
    test::LoopbackServer server(stay_silent);  // its end is the session's
    {
      const auto ticket =
          pool.begin(order_for(server.endpoint()), std::make_unique<Mute>(), Clock::now() + 1s,
                     io.get_executor(), [&](SessionEnd) { told = true; });
    }
  }
  io.run();
  EXPECT_FALSE(told);
}

TEST(SessionPool, WhoIsLeftWithTheLibraryIsKnownWhenThePoolIsGone) {
  asio::io_context io{1};
  std::optional<test::LoopbackServer> server(std::in_place, stay_silent);
  {
    SessionPool pool;
    const auto ticket = pool.begin(order_for(server->endpoint()), std::make_unique<Mute>(),
                                   Clock::now() + 30s, io.get_executor(), [](SessionEnd) {});
    while (!ticket.begun()) std::this_thread::yield();
  }
  EXPECT_TRUE(sessions_left());
  server.reset();
  const auto limit = Clock::now() + 30s;
  while (sessions_left() && Clock::now() < limit) std::this_thread::yield();
  EXPECT_FALSE(sessions_left());
}

TEST(SessionPool, MoreThanItsThreadsWaitTheirTurn) {
  asio::io_context io{1};
  SessionPool pool;
  int told = 0;
  bool all = false;
  constexpr int kOrders = 3 * SessionPool::kThreads;
  std::list<SessionPool::Ticket> tickets;
  const Endpoint nobody = test::closed_port();
  for (int i = 0; i < kOrders; ++i)
    tickets.emplace_back(pool.begin(order_for(nobody), std::make_unique<Mute>(), Clock::now() + 5s,
                                    io.get_executor(),
                                    [&](SessionEnd) { all = ++told == kOrders; }));
  run_until(io, 10s, all);
  EXPECT_EQ(told, kOrders);
}

}  // namespace
}  // namespace plumb::net
