#include "probe/engine/memory.hpp"

#include <gtest/gtest.h>

#include <array>

namespace plumb::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Ending;
using Permit = Memory::Permit;

const Endpoint kServer = *Endpoint::parse("10.0.0.1:3306");
constexpr bool kAnonymous = true, kAccount = false;

TEST(Memory, BeginsWithEverythingAllowed) {
  const Memory memory;
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::all);
  EXPECT_FALSE(memory.last(kServer).has_value());
}

TEST(Memory, ThreeDropsInTlsLeaveOnlyPlainExchanges) {
  Memory memory;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::all) << i;
    memory.note(kServer, Ending::dropped, kAnonymous, true, std::nullopt, milliseconds(1));
  }
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::no_tls);
  EXPECT_EQ(memory.permit(*Endpoint::parse("10.0.0.2:3306"), kAnonymous), Permit::all)
      << "per address";
}

TEST(Memory, DropsThatNothingCanFinishForbidEverything) {
  Memory memory;
  for (int i = 0; i < 3; ++i)
    memory.note(kServer, Ending::dropped, kAnonymous, false, std::nullopt, milliseconds(1));
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::nothing);
  EXPECT_EQ(memory.permit(kServer, kAccount), Permit::nothing);
}

TEST(Memory, WhatTheServerEndedIsNoDrop) {
  Memory memory;
  for (int i = 0; i < 9; ++i)
    memory.note(kServer, Ending::closed_by_peer, kAnonymous, false, std::nullopt, milliseconds(1));
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::all);
}

TEST(Memory, TwoLateLoginsInARowPauseTheAnonymousOneOnly) {
  Memory memory;
  const auto login = [&](milliseconds took) {
    memory.note(kServer, Ending::finished, kAnonymous, false, Micros(took), milliseconds(1));
  };
  login(milliseconds(1000));
  login(milliseconds(3));  // not in a row
  login(milliseconds(1000));
  EXPECT_FALSE(memory.login_delayed(kServer));
  login(milliseconds(2000));
  EXPECT_TRUE(memory.login_delayed(kServer));
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::nothing);
  EXPECT_EQ(memory.permit(kServer, kAccount), Permit::all);
}

TEST(Memory, ALongPathIsNotALateLogin) {
  Memory memory;
  for (int i = 0; i < 5; ++i)
    memory.note(kServer, Ending::finished, kAnonymous, false, Micros(milliseconds(1000)),
                milliseconds(400));
  EXPECT_FALSE(memory.login_delayed(kServer));
}

TEST(Memory, ARefusedPasswordRestsForTheRetryTime) {
  Memory memory;
  const MonoTime now{};
  memory.note_refused("app", {"db:3306", Observation{}, now});
  EXPECT_FALSE(memory.may_try("app", now + seconds(3599), seconds(3600)));
  EXPECT_TRUE(memory.may_try("app", now + seconds(3600), seconds(3600)));
  EXPECT_TRUE(memory.may_try("other", now, seconds(3600)));
  EXPECT_TRUE(memory.refusal("app").has_value()) << "it stands until a login says otherwise";
  memory.note_accepted("app");
  EXPECT_FALSE(memory.refusal("app").has_value());
}

TEST(Memory, OneAsksWhereWeAreAndTheOthersAreTold) {
  asio::io_context io;
  Memory memory;
  EXPECT_TRUE(memory.begin_to_locate());
  EXPECT_FALSE(memory.begin_to_locate());
  bool told = false;
  asio::co_spawn(io, memory.wait_for_whereabouts(io.get_executor(), MonoTime::max()),
                 [&told](const std::exception_ptr&) { told = true; });
  io.poll();
  EXPECT_FALSE(told);
  memory.keep_whereabouts(Observation{});
  io.run();
  EXPECT_TRUE(told);
  EXPECT_TRUE(memory.whereabouts().has_value());
  EXPECT_TRUE(memory.begin_to_locate()) << "where it was not found out, somebody may ask again";
}

TEST(Memory, AFollowUpLeavesTheLastDropToTheFirstPass) {
  Memory memory;
  for (int i = 0; i < Memory::kMaxDrops - 1; ++i) {
    EXPECT_EQ(memory.permit_followup(kServer), Permit::all);
    memory.note(kServer, Ending::dropped, kAnonymous, true, {}, milliseconds(1));
  }
  EXPECT_EQ(memory.permit_followup(kServer), Permit::no_tls);
  EXPECT_EQ(memory.permit(kServer, kAnonymous), Permit::all);
}

TEST(Memory, AMillionServersThatNothingIsHeldAgainstAreNoMillionEntries) {
  asio::io_context io;
  Memory memory(Memory::Keep::where_needed);
  const auto visit = [&]() -> net::awaitable<void> {
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const auto bytes = std::array<std::uint8_t, 4>{10, static_cast<std::uint8_t>(i >> 16),
                                                     static_cast<std::uint8_t>(i >> 8),
                                                     static_cast<std::uint8_t>(i)};
      const Endpoint server{Address::v4(bytes), 4000};
      const DropAllowance::Pass pass = co_await memory.admit(io.get_executor(), server);
      memory.note(server, i == 7 ? Ending::dropped : Ending::finished, kAnonymous, true,
                  milliseconds(1), milliseconds(1));
      EXPECT_EQ(memory.wants_last(server), i == 7);
    }
  };
  asio::co_spawn(io, visit, asio::detached);
  io.run();
  EXPECT_LE(memory.servers_known(), 2048U);
  EXPECT_EQ(memory.drops({Address::v4({10, 0, 0, 7}), 4000}), 1)
      << "who has suffered is not forgotten";
}

}  // namespace
}  // namespace plumb::engine
