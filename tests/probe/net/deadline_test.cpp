#include "probe/net/deadline.hpp"

#include <gtest/gtest.h>

namespace plumb::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(Watch, CancelsAtTheDeadlineAndSaysSo) {
  asio::io_context io;
  Watchlist list;
  int cancelled = 0;
  Watch watch(io.get_executor(), list, steady_clock::now() + milliseconds(1), milliseconds(0),
              [&] { ++cancelled; });
  io.run();
  EXPECT_EQ(cancelled, 1);
  EXPECT_TRUE(watch.expired());
  EXPECT_FALSE(watch.stopped());
}

TEST(Watch, DoesNothingAfterItsDeath) {
  asio::io_context io;
  Watchlist list;
  int cancelled = 0;
  {
    Watch watch(io.get_executor(), list, steady_clock::now(), milliseconds(0),
                [&] { ++cancelled; });
  }
  io.run();
  EXPECT_EQ(cancelled, 0);
}

TEST(Watch, AnInterruptShortensItToItsGrace) {
  asio::io_context io;
  Watchlist list;
  int cancelled = 0;
  Watch watch(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(1),
              [&] { ++cancelled; });
  list.stop();
  io.run();
  EXPECT_EQ(cancelled, 1);
  EXPECT_TRUE(watch.stopped());
  EXPECT_FALSE(watch.expired());
}

TEST(Watch, AnInterruptNeverLengthensIt) {
  asio::io_context io;
  Watchlist list;
  Watch watch(io.get_executor(), list, steady_clock::now() + milliseconds(1), hours(1), [] {});
  list.stop();
  io.run();
  EXPECT_TRUE(watch.expired()) << "its own deadline came first";
}

TEST(Watch, TheGraceIsCountedFromTheInterrupt) {
  asio::io_context io;
  Watchlist list;
  list.stop();
  const auto stopped = steady_clock::now();
  while (steady_clock::now() < stopped + milliseconds(2)) {
  }
  Watch late(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(1), [] {});
  EXPECT_TRUE(late.due()) << "whoever begins late has no grace of its own";
}

TEST(Watch, WhatBeginsAfterTheInterruptIsShortToo) {
  asio::io_context io;
  Watchlist list;
  list.stop();
  int cancelled = 0;
  Watch watch(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(0),
              [&] { ++cancelled; });
  io.run();
  EXPECT_EQ(cancelled, 1);
}

TEST(Cutoff, ShortensWhoWaitsAndWhoComesLater) {
  asio::io_context io;
  Watchlist list;
  Cutoff cutoff;
  int cancelled = 0;
  Watch first(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(0),
              [&] { ++cancelled; });
  const Cutoff::Joined joined(&cutoff, first);
  cutoff.at(steady_clock::now() + milliseconds(1));
  Watch late(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(0),
             [&] { ++cancelled; });
  const Cutoff::Joined too(&cutoff, late);
  io.run();
  EXPECT_EQ(cancelled, 2);
  EXPECT_TRUE(first.expired());
}

TEST(Cutoff, LeavesAloneWhoNeverJoined) {
  asio::io_context io;
  Watchlist list;
  Cutoff cutoff;
  bool cancelled = false;
  Watch other(io.get_executor(), list, steady_clock::now() + hours(1), milliseconds(0),
              [&] { cancelled = true; });
  {
    const Cutoff::Joined none(nullptr, other);
    cutoff.at(steady_clock::now());
  }
  io.poll();
  EXPECT_FALSE(cancelled);
}

}  // namespace
}  // namespace plumb::net
