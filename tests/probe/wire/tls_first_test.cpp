#include "probe/wire/tls_first.hpp"

#include <gtest/gtest.h>

namespace plumb::wire {
namespace {

// Wants one receive, then it is over.
struct Inner : Exchange {
  int started = 0;
  Action next(const Event& event, Micros) override {
    if (std::holds_alternative<Started>(event)) {
      ++started;
      return Receive{};
    }
    return Finish{};
  }
  std::vector<Observation> observations() const override {
    Observation greeting;
    greeting.phase = Phase::greeting;
    return {greeting};
  }
  Ending ending() const override { return Ending::finished; }
  std::optional<LoginAnswer> login_answer() const override { return std::nullopt; }
  bool account_tried() const override { return false; }
  Phase phase() const override { return Phase::greeting; }
};

TEST(TlsFirst, TheConversationGoesOnInsideTls) {
  TlsFirst exchange(std::make_unique<Inner>());
  EXPECT_TRUE(std::holds_alternative<StartTls>(exchange.next(Started{}, Micros(0))));
  TlsReport report;
  report.completed = true;
  EXPECT_TRUE(std::holds_alternative<Receive>(exchange.next(TlsEnded{report}, Micros(5))));
  const auto seen = exchange.observations();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].phase, Phase::tls);
  EXPECT_FALSE(seen[0].failure);
  EXPECT_EQ(seen[1].phase, Phase::greeting);
  EXPECT_EQ(exchange.ending(), Ending::finished);
}

TEST(TlsFirst, WhereTlsFailsItIsOverAndADrop) {
  TlsFirst exchange(std::make_unique<Inner>());
  exchange.next(Started{}, Micros(0));
  const Event broken = Broken{Failure::timed_out, "no answer within the time"};
  EXPECT_TRUE(std::holds_alternative<Finish>(exchange.next(broken, Micros(9))));
  const auto seen = exchange.observations();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].failure, Failure::timed_out);
  EXPECT_EQ(exchange.ending(), Ending::dropped) << "a MySQL server counts what it cannot read";
}

}  // namespace
}  // namespace plumb::wire
