#include "checks/tries.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "checks/mysql/facts.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;
using ::testing::ElementsAre;
constexpr const char* kAt = "10.0.0.1:3306";

TEST(Tries, CountHowFarEachCame) {
  CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).connect(kAt).then(Phase::greeting).login("anonymous", Failure::eof);
  about.followup_works(experiment::kRepeat, kAt);
  const int answered = about.last();
  about.followup(experiment::kRepeat, kAt).then(Phase::greeting).login("anonymous", Failure::eof);
  const int broke = about.last();
  about.followup(experiment::kRepeat, kAt, Failure::timed_out);
  about.followup_works(experiment::kRepeat, "10.0.0.2:3306");
  const Tries tries = tries_of(about.build(), experiment::kRepeat, kAt);
  EXPECT_EQ(tries.connected, 2);
  EXPECT_EQ(tries.greeted, 2);
  EXPECT_EQ(tries.replied, 1);
  EXPECT_EQ(tries.broke, 1);
  EXPECT_THAT(tries.proof, ElementsAre(answered, broke));
  EXPECT_EQ(tries_of(about.build(), experiment::kWithoutTls, kAt).connected, 0);
}

TEST(Tries, AnErrorIsAReplyUnlessItIsAboutPackets) {
  for (const auto& [code, is_reply] : {std::pair{1045, true}, {1040, true}, {1156, false}}) {
    CaseBuilder about("db.example.com:3306");
    about.followup(experiment::kWithoutTls, kAt)
        .then(Phase::greeting)
        .login("anonymous", Failure::mysql_error)
        .fact(mysql::key::error_code, std::int64_t{code});
    const Tries tries = tries_of(about.build(), experiment::kWithoutTls, kAt);
    EXPECT_EQ(tries.replied, is_reply ? 1 : 0) << code;
    EXPECT_EQ(tries.broke, is_reply ? 0 : 1) << code;
  }
}

TEST(Tries, TroubleOfOurOwnIsNoTry) {
  for (const Failure ours : {Failure::cancelled, Failure::local_limit, Failure::address_unavailable,
                             Failure::permission_denied}) {
    CaseBuilder about("db.example.com:3306");
    about.followup(experiment::kRepeat, kAt).then(Phase::greeting).login("anonymous", ours);
    about.followup(experiment::kRepeat, kAt).then(Phase::greeting).then(Phase::tls, ours);
    about.followup(experiment::kTlsFirst, kAt).then(Phase::tls, ours);
    const Tries tries = tries_of(about.build(), experiment::kRepeat, kAt);
    EXPECT_TRUE(is_ours(ours));
    EXPECT_EQ(tries.connected + tries.greeted + tries.broke, 0) << to_string(ours);
    EXPECT_TRUE(tries.proof.empty());
    EXPECT_EQ(tls_first_at(about.build(), kAt).came_to, TlsFirst::untried) << to_string(ours);
  }
  EXPECT_FALSE(is_ours(Failure::timed_out) || is_ours(Failure::reset));
}

TEST(Tries, SilenceUntilOurTimeIsUpIsNoBreak) {
  CaseBuilder about("db.example.com:3306");
  about.followup(experiment::kRepeat, kAt)
      .then(Phase::greeting)
      .then(Phase::tls, Failure::timed_out);
  const Tries tries = tries_of(about.build(), experiment::kRepeat, kAt);
  EXPECT_EQ(tries.broke, 0);
  EXPECT_EQ(tries.silent, 1);
  EXPECT_EQ(tries.connected, 1);
}

TEST(Tries, TlsFirst) {
  const auto came_to = [](const CaseBuilder& about) {
    return tls_first_at(about.build(), kAt).came_to;
  };
  CaseBuilder none("h:3306"), unsent("h:3306"), closes("h:3306"), silent("h:3306"), https("h:3306"),
      listener("h:3306");
  EXPECT_EQ(came_to(none), TlsFirst::untried);
  unsent.followup(experiment::kTlsFirst, kAt);
  EXPECT_EQ(came_to(unsent), TlsFirst::untried);
  closes.followup(experiment::kTlsFirst, kAt).then(Phase::tls, Failure::reset);
  EXPECT_EQ(came_to(closes), TlsFirst::refused);
  silent.followup(experiment::kTlsFirst, kAt).then(Phase::tls, Failure::timed_out);
  EXPECT_EQ(came_to(silent), TlsFirst::unanswered);
  https.followup(experiment::kTlsFirst, kAt)
      .then(Phase::tls, Failure::certificate_name_mismatch)
      .then(Phase::greeting, Failure::timed_out);
  EXPECT_EQ(came_to(https), TlsFirst::answered);
  listener.followup(experiment::kTlsFirst, kAt).then(Phase::tls).then(Phase::greeting).login();
  EXPECT_EQ(came_to(listener), TlsFirst::greeted_inside);
}

}  // namespace
}  // namespace plumb
