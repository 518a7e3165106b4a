#include "probe/net/wake_list.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace plumb::net {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Sleeper : WakeList::Sleeper {
  explicit Sleeper(std::function<void()> what) : then(std::move(what)) {}
  void on_wake(WakeList::Time) override { then(); }
  std::function<void()> then;
};

struct Bed {
  asio::io_context io;
  std::shared_ptr<WakeList> list = std::make_shared<WakeList>(io.get_executor());
  std::string order;
};

TEST(WakeList, WakesInTheOrderOfTheirTimes) {
  Bed bed;
  const auto now = Clock::now();
  Sleeper a([&] { bed.order += 'a'; }), b([&] { bed.order += 'b'; }), c([&] { bed.order += 'c'; });
  bed.list->wake(b, now + 20ms);
  bed.list->wake(c, now + 30ms);
  bed.list->wake(a, now + 10ms);
  bed.io.run();
  EXPECT_EQ(bed.order, "abc");
  EXPECT_GE(Clock::now(), now + 30ms);
}

TEST(WakeList, ANewWishReplacesTheOldOne) {
  Bed bed;
  Sleeper a([&] { bed.order += 'a'; }), b([&] { bed.order += 'b'; });
  bed.list->wake(a, Clock::now());
  bed.list->wake(b, Clock::now() + 5ms);
  bed.list->wake(a, Clock::now() + 10ms);
  bed.io.run();
  EXPECT_EQ(bed.order, "ba");
}

TEST(WakeList, TheLastToGoLetsTheLoopEnd) {
  Bed bed;
  const auto before = Clock::now();
  Sleeper a([&] { bed.order += 'a'; });
  bed.list->wake(a, Clock::now() + 60s);
  bed.list->remove(a);
  bed.list->remove(a);
  bed.io.run();
  EXPECT_LT(Clock::now() - before, 30s);
  EXPECT_EQ(bed.order, "");
}

TEST(WakeList, ManyThatGoBeforeTheirTimeDelayNobody) {
  Bed bed;
  Sleeper early([] { FAIL(); }), late([&] { bed.order += 'l'; });
  bed.list->wake(early, Clock::now() + 1ms);
  bed.list->wake(late, Clock::now() + 20ms);
  bed.list->remove(early);
  bed.io.run();
  EXPECT_EQ(bed.order, "l");
}

TEST(WakeList, WhoIsWokenMayWishAgainAndRemoveOthers) {
  Bed bed;
  Sleeper other([] { FAIL() << "removed by the first"; });
  int times = 0;
  std::unique_ptr<Sleeper> first = std::make_unique<Sleeper>([&] {
    bed.list->remove(other);
    if (++times < 3) bed.list->wake(*first, Clock::now());
  });
  const auto now = Clock::now();
  bed.list->wake(*first, now);
  bed.list->wake(other, now);
  bed.io.run();
  EXPECT_EQ(times, 3);
}

TEST(WakeList, NobodyIsWokenWhenItIsGone) {
  Bed bed;
  Sleeper a([] { FAIL(); });
  bed.list->wake(a, Clock::now());
  bed.list.reset();
  bed.io.run();
}

}  // namespace
}  // namespace plumb::net
