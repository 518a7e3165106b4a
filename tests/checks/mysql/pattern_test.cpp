#include "checks/mysql/pattern.hpp"

#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "tests/checks/mysql/conversation.hpp"

namespace plumb::mysql {
namespace {

using test::GreetingFrame;

constexpr Pattern kDenied{[](const Observation& seen) { return is_error(seen, {1045}); },
                          Confidence::certain, Severity::error, "nothing was denied"};
constexpr Pattern kFull{[](const Observation& seen) { return is_error(seen, {1040}); },
                        Confidence::certain, Severity::critical, "nothing is full", 7};

const test::Script kAccepted = script({GreetingFrame().bytes(), test::ok(2)});
const test::Script kRefused =
    script({GreetingFrame().bytes(),
            test::err(2, 1045, "Access denied for user 'app'@'10.9.8.7' (using password: YES)")});
const test::Script kOverloaded = script({test::err(0, 1040, "Too many connections")});

TEST(Pattern, AMissSaysWhy) {
  CaseOf about;
  const Verdict verdict = match(about.add(anonymous(), kAccepted).value(), kDenied);
  EXPECT_FALSE(verdict.matched);
  EXPECT_EQ(verdict.because, "nothing was denied");
}

TEST(Pattern, AHitNamesObservationAndWhatTheServerSees) {
  CaseOf about;
  const Verdict verdict = match(about.add(with_account(), kRefused).value(), kDenied);
  ASSERT_TRUE(verdict.matched);
  EXPECT_EQ(verdict.evidence, (std::vector<int>{2}));
  EXPECT_EQ(bound(verdict, "server_sees"), "10.9.8.7");
  EXPECT_EQ(bound(verdict, "user"), "app");
  EXPECT_EQ(bound(verdict, "address"), "10.0.0.1:3306");
  EXPECT_EQ(bound(verdict, "code"), "1045");
}

TEST(Pattern, AFaultBesideAWorkingAddressIsAWarning) {
  CaseOf about;
  about.add(anonymous(), kOverloaded).add(anonymous(), kAccepted);
  const Verdict verdict = match(about.value(), kFull);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(verdict.rank, 7);
  CaseOf alone;
  EXPECT_EQ(match(alone.add(anonymous(), kOverloaded).value(), kFull).severity, Severity::critical);
}

TEST(Pattern, AnAnonymousLoginElsewhereDoesNotExcuseARefusedAccount) {
  CaseOf about;
  about.add(with_account(), kRefused).add(anonymous(), kAccepted);
  EXPECT_EQ(match(about.value(), kDenied).severity, Severity::error);
  about.add(with_account(), kAccepted);
  EXPECT_EQ(match(about.value(), kDenied).severity, Severity::warning);
}

TEST(Pattern, TheSecondIsAskedWhenTheFirstMisses) {
  CaseOf about;
  about.add(anonymous(), kOverloaded);
  EXPECT_EQ(match(about.value(), kDenied, kFull).rank, 7);
  EXPECT_EQ(match(CaseOf().value(), kDenied, kFull).because, "nothing was denied");
}

TEST(Pattern, OtherPhasesAreNotOurs) {
  Case about;
  Observation session;
  session.phase = Phase::session;
  session.failure = Failure::mysql_error;
  about.evidence.add(session);
  constexpr Pattern any{[](const Observation&) { return true; }, Confidence::certain,
                        Severity::error, "none"};
  EXPECT_FALSE(match(about, any).matched);
}

TEST(Pattern, AnEndOfTheConnectionIsToldFromAnErrorAndASilence) {
  Observation login;
  login.phase = Phase::login;
  EXPECT_TRUE(is_first_packet(login));
  login.facts.set(key::login_secure, true);
  EXPECT_FALSE(is_first_packet(login)) << "one has got through before it";
  for (const Failure how : {Failure::eof, Failure::reset, Failure::tls_eof}) {
    login.failure = how;
    EXPECT_TRUE(is_gone(login, Phase::login));
    EXPECT_FALSE(is_gone(login, Phase::tls));
  }
  login.failure = Failure::timed_out;
  EXPECT_FALSE(is_gone(login, Phase::login));
}

TEST(Pattern, TheGreetingOfAnAddress) {
  CaseOf about;
  about.add(anonymous(), kAccepted).add(anonymous(), kOverloaded);
  EXPECT_NE(greeting_at(about.value(), "10.0.0.1:3306"), nullptr);
  EXPECT_EQ(greeting_at(about.value(), "10.0.0.2:3306"), nullptr) << "an error in its place";
}

}  // namespace
}  // namespace plumb::mysql
