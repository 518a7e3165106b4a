#include "probe/engine/trouble.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

Observation seen(Phase phase, std::optional<Failure> failure = {}) {
  Observation observation;
  observation.phase = phase;
  observation.failure = failure;
  return observation;
}

Trouble after(std::vector<Observation> steps) {
  return trouble_of({seen(Phase::connect), std::move(steps)});
}

Trouble stuck_in(Phase phase, std::vector<Observation> steps = {}) {
  Progress progress{seen(Phase::connect), std::move(steps), true};
  progress.phase = phase;
  return trouble_of(progress);
}

Trouble of_connect(Failure failure, bool icmp = false) {
  Observation connect = seen(Phase::connect, failure);
  if (icmp) connect.facts.set(key::tcp_icmp_type, std::int64_t{3});
  return trouble_of({connect, {}});
}

TEST(Trouble, OfAConnect) {
  EXPECT_EQ(trouble_of({std::nullopt, {}, true}), Trouble::silent) << "still waiting";
  EXPECT_EQ(trouble_of({std::nullopt, {}}), Trouble::none) << "never begun";
  EXPECT_EQ(of_connect(Failure::timed_out), Trouble::silent);
  EXPECT_EQ(of_connect(Failure::refused), Trouble::refused);
  EXPECT_EQ(of_connect(Failure::refused, true), Trouble::barred) << "a device, not the target";
  EXPECT_EQ(of_connect(Failure::host_unreachable, true), Trouble::barred);
  EXPECT_EQ(of_connect(Failure::net_unreachable), Trouble::none) << "no route here: settled";
  EXPECT_EQ(of_connect(Failure::local_limit), Trouble::none);
}

TEST(Trouble, OfAConversation) {
  const Observation greeted = seen(Phase::greeting), tls = seen(Phase::tls);
  EXPECT_EQ(stuck_in(Phase::greeting), Trouble::mute);
  EXPECT_EQ(after({seen(Phase::greeting, Failure::timed_out)}), Trouble::mute);
  EXPECT_EQ(after({seen(Phase::greeting, Failure::not_mysql)}), Trouble::stranger);
  EXPECT_EQ(after({seen(Phase::greeting, Failure::eof)}), Trouble::cut_off);
  EXPECT_EQ(after({seen(Phase::greeting, Failure::mysql_error)}), Trouble::none) << "it says why";
  EXPECT_EQ(stuck_in(Phase::tls, {greeted}), Trouble::stalled);
  EXPECT_EQ(stuck_in(Phase::login, {greeted, tls}), Trouble::none) << "a slow server";
  EXPECT_EQ(after({greeted, seen(Phase::tls, Failure::timed_out)}), Trouble::stalled);
  EXPECT_EQ(after({greeted, seen(Phase::tls, Failure::tls_alert)}), Trouble::tls_broke);
  EXPECT_EQ(after({greeted, seen(Phase::tls, Failure::tls_eof)}), Trouble::tls_broke);
  EXPECT_EQ(after({greeted, tls, seen(Phase::login, Failure::reset)}), Trouble::cut_off);
  EXPECT_EQ(after({greeted}), Trouble::none) << "it comes on";
  EXPECT_EQ(after({greeted, tls, seen(Phase::login, Failure::timed_out)}), Trouble::none);
}

TEST(Trouble, AnAnsweredLoginIsNone) {
  const Observation greeted = seen(Phase::greeting), tls = seen(Phase::tls);
  EXPECT_EQ(after({greeted, tls, seen(Phase::login)}), Trouble::none);
  EXPECT_EQ(after({greeted, seen(Phase::tls, Failure::certificate_expired), seen(Phase::login)}),
            Trouble::none)
      << "a verdict is recorded, it breaks nothing";
}

TEST(Trouble, ARefusalInPlainTextMayBeAboutTheMissingTls) {
  const Observation greeted = seen(Phase::greeting), tls = seen(Phase::tls);
  const Observation refused = seen(Phase::login, Failure::mysql_error);
  EXPECT_EQ(after({greeted, refused}), Trouble::plain_refused);
  EXPECT_EQ(after({greeted, tls, refused}), Trouble::none);
  Progress password{seen(Phase::connect), {greeted, refused}};
  password.password_refused = true;
  EXPECT_EQ(trouble_of(password), Trouble::none);
}

}  // namespace
}  // namespace plumb::engine
