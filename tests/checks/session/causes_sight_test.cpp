#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

constexpr std::string_view kId = "session-not-visible";

test::CaseBuilder not_held(Purpose purpose, const std::string& reason) {
  test::CaseBuilder about("db.example.com:3306");
  about.purpose(purpose).resolved({"10.0.0.1"}).works("10.0.0.1:3306");
  about.then(Phase::session, Failure::not_visible).raw("it is so");
  about.fact(key::session_not_held, reason);
  return about;
}

TEST(SightCauses, WithoutASessionNobodyHasLookedAtThePurpose) {
  const Verdict verdict = judge(not_held(Purpose::dms_source, "no-account"), kId);
  EXPECT_EQ(verdict.severity, Severity::warning);
  EXPECT_EQ(bound_to(verdict, "kind"), "no-account");
  EXPECT_EQ(bound_to(verdict, "what"), "No session of the account was held to its end: it is so");
  EXPECT_EQ(judge(not_held(Purpose::connect, "connect-to"), kId).severity, Severity::info);
  EXPECT_EQ(found_in(not_held(Purpose::dms_source, "no-account")), Ids{kId});
}

TEST(SightCauses, AMissingRightToLookWeighsWhatItHides) {
  const auto hides = [](Purpose purpose, const std::string& what) {
    return judge(session_case(purpose).fact(key::hidden, Strings{what}), kId).severity;
  };
  EXPECT_EQ(hides(Purpose::dms_source, "rights: error 1142, denied"), Severity::warning);
  EXPECT_EQ(hides(Purpose::dms_source, "binlog retention hours: error 1370, x"), Severity::warning);
  EXPECT_EQ(hides(Purpose::dms_source, "binary log file and position: error 1227, x"),
            Severity::info);
  EXPECT_EQ(hides(Purpose::connect, "variables: error 1142, x"), Severity::info);
}

TEST(SightCauses, NothingIsHiddenWhereNoSessionWasAskedFor) {
  test::CaseBuilder about("db.example.com:3306");
  about.resolved({"10.0.0.1"}).works("10.0.0.1:3306");
  EXPECT_FALSE(judge(about, kId).matched);
}

}  // namespace
}  // namespace plumb::session
