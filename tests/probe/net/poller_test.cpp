#include "probe/net/poller.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>

namespace plumb::net {
namespace {

using What = Poller::What;

// Two sockets that are connected; ours is on the poller.
struct Pair {
  explicit Pair(Poller& of) : poller(of) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
    EXPECT_EQ(poller.add(fds[0], line), 0);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    close_ours();
    ::close(fds[1]);
  }
  void close_ours() {
    if (fds[0] < 0) return;
    poller.remove(line);
    ::close(std::exchange(fds[0], -1));
  }
  void say(const std::string& text) const {
    EXPECT_EQ(::write(fds[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  ssize_t read(std::size_t most = 64) const {
    std::array<char, 64> bytes{};
    return ::read(fds[0], bytes.data(), std::min(most, bytes.size()));
  }

  Poller& poller;
  std::array<int, 2> fds{-1, -1};
  Poller::Line line = Poller::kNone;
};

awaitable<void> wait_for(Pair& on, What what, std::string& log, std::string word) {
  bool ready = on.poller.take(on.line, what);
  if (!ready) ready = co_await on.poller.sleep(on.line, what);
  log += ready ? word : "(" + word + ")";
}

class PollerTest : public testing::Test {
 protected:
  void wait(Pair& on, What what, const std::string& word) {
    asio::co_spawn(io, wait_for(on, what, log, word), asio::detached);
  }
  void run() {
    io.restart();
    io.run();
  }

  asio::io_context io;
  std::string log;  // in the order of waking
  Poller poller{io.get_executor()};
  std::unique_ptr<Pair> next;
};

TEST_F(PollerTest, WakesWhoWaitsAndLetsTheLoopEnd) {
  Pair pair(poller);
  wait(pair, What::write, "w");
  run();
  wait(pair, What::read, "r");
  io.restart();
  io.poll();
  EXPECT_EQ(log, "w");
  pair.say("x");
  run();
  EXPECT_EQ(log, "wr");
}

TEST_F(PollerTest, KeepsWhatCameWhileNobodyWaited) {
  Pair quiet(poller), other(poller);
  quiet.say("x");
  other.say("x");
  wait(other, What::read, "o");
  run();
  wait(quiet, What::read, "q");
  run();
  EXPECT_EQ(log, "oq");
}

TEST_F(PollerTest, AnEdgeIsTakenOnce) {
  Pair pair(poller);
  pair.say("x");
  wait(pair, What::read, "1");
  run();
  EXPECT_EQ(pair.read(), 1);
  wait(pair, What::read, "2");
  io.restart();
  io.poll();
  EXPECT_EQ(log, "1") << "nothing has come since";
  pair.say("y");
  run();
  EXPECT_EQ(log, "12");
}

TEST_F(PollerTest, TheRestOfWhatCameAtOnceIsNoEdge) {
  Pair pair(poller);
  pair.say("xy");
  wait(pair, What::read, "1");
  run();
  EXPECT_EQ(pair.read(1), 1);
  poller.read_on(pair.line);
  wait(pair, What::read, "2");
  run();
  EXPECT_EQ(log, "12");
}

TEST_F(PollerTest, TheEndThatCameWithTheLastBytesIsKept) {
  Pair pair(poller);
  pair.say("bye");
  ::shutdown(pair.fds[1], SHUT_WR);
  for (const char* word : {"1", "2", "3"}) {
    wait(pair, What::read, word);
    run();
    EXPECT_EQ(pair.read(), *word == '1' ? 3 : 0);
  }
  EXPECT_EQ(log, "123");
}

TEST_F(PollerTest, CancelledIsWokenInATurnOfItsOwn) {
  Pair pair(poller);
  wait(pair, What::read, "r");
  io.restart();
  io.poll();
  poller.cancel(pair.line);
  EXPECT_EQ(log, "");
  run();
  EXPECT_EQ(log, "(r)") << "and the loop has ended";
  poller.cancel(pair.line);  // nobody waits
  wait(pair, What::read, "again");
  io.restart();
  io.poll();
  pair.say("x");
  run();
  EXPECT_EQ(log, "(r)again");
}

// Closes another, and gives its place to a third, before that one could be told of what has come.
awaitable<void> replace(Pair& mine, Pair& other, std::unique_ptr<Pair>& next) {
  co_await mine.poller.sleep(mine.line, What::read);
  other.close_ours();
  next = std::make_unique<Pair>(mine.poller);
}

TEST_F(PollerTest, WhatCameForALinesLastOwnerIsNotTheNextOnes) {
  Pair first(poller), other(poller);
  asio::co_spawn(io, replace(first, other, next), asio::detached);
  io.poll();
  first.say("x");
  other.say("x");  // both are in one turn's events
  run();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->line, 1U) << "the place of the one that was closed";
  wait(*next, What::read, "next");
  io.restart();
  io.poll();
  EXPECT_EQ(log, "");
  next->say("x");
  run();
  EXPECT_EQ(log, "next");
}

TEST_F(PollerTest, ADescriptorThatCannotBeWaitedForIsAnErrno) {
  Poller::Line line = Poller::kNone;
  EXPECT_EQ(poller.add(-1, line), EBADF);
  EXPECT_EQ(line, Poller::kNone);
}

}  // namespace
}  // namespace plumb::net
