#include "src/collector.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

namespace plumb {
namespace {

TEST(Collector, EveryReportComesOnceAndOnOneThread) {
  constexpr std::size_t kEach = 20'000;
  const auto here = std::this_thread::get_id();
  std::set<std::size_t> seen;
  bool elsewhere = false;
  const EachReport each = [&](Report&&, std::size_t index) {
    seen.insert(index);
    elsewhere = elsewhere || std::this_thread::get_id() != here;
  };
  Collector collector(each, 3);
  const auto work = [&collector](std::size_t shard) {
    for (std::size_t i = 0; i < kEach; ++i) collector.add(shard, Report{}, shard * kEach + i);
    collector.ended();
  };
  std::thread second(work, 1), third(work, 2);
  work(0);
  while (collector.under_way()) collector.hand_over();
  second.join();
  third.join();
  collector.finish();
  EXPECT_EQ(seen.size(), 3 * kEach);
  EXPECT_FALSE(elsewhere);
}

TEST(Collector, AReportIsFreedByTheShardThatMadeIt) {
  const EachReport each = [](Report&&, std::size_t) {};
  Collector collector(each, 2);
  std::atomic<bool> added{false}, consumed{false};
  std::thread::id freed_on;
  std::thread shard([&] {
    Report made;
    made.about.own_profile = std::shared_ptr<const UserProfile>(
        nullptr, [&](const UserProfile*) { freed_on = std::this_thread::get_id(); });
    collector.add(1, std::move(made), 0);
    added = true;
    while (!consumed) std::this_thread::yield();
    collector.add(1, Report{}, 1);
    EXPECT_EQ(freed_on, std::this_thread::get_id());
    collector.ended();
  });
  while (!added) std::this_thread::yield();
  collector.hand_over();
  consumed = true;
  collector.ended();
  shard.join();
  collector.finish();
}

TEST(Collector, WhoeverRunsFarAheadWaits) {
  const EachReport each = [](Report&&, std::size_t) {};
  Collector collector(each, 2);
  std::atomic<std::size_t> added{0};
  std::thread ahead([&] {
    for (; added < 3 * Collector::kMostWaiting; ++added) collector.add(1, Report{}, added);
    collector.ended();
  });
  while (added + 1 < Collector::kMostWaiting) std::this_thread::yield();
  EXPECT_LE(added, Collector::kMostWaiting);
  collector.ended();
  while (collector.under_way()) collector.hand_over();
  ahead.join();
  EXPECT_EQ(added, 3 * Collector::kMostWaiting);
}

TEST(Collector, WhatBrokeAShardIsThrownAtTheEnd) {
  const EachReport each = [](Report&&, std::size_t) {};
  Collector collector(each, 2);
  collector.broke(std::make_exception_ptr(std::runtime_error("disk full")));
  collector.broke(std::make_exception_ptr(std::logic_error("later")));
  EXPECT_THROW(collector.finish(), std::runtime_error);
}

}  // namespace
}  // namespace plumb
