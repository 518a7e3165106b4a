#include "src/judge.hpp"

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(Judge, FindsTheCauseInTheEvidenceAlone) {
  Case about;
  about.profile = find_profile("mysql");
  about.target = *parse_target("10.0.1.10:3306").target;
  Observation refused;
  refused.phase = Phase::connect;
  refused.endpoint = "10.0.1.10:3306";
  refused.failure = Failure::refused;
  about.evidence.add(refused);
  const Report report = judge(about);
  EXPECT_EQ(report.diagnosis.outcome, Outcome::failed);
  EXPECT_EQ(report.diagnosis.cause(), "tcp-refused-no-listener");
  EXPECT_EQ(report.about.target.to_string(), "10.0.1.10:3306");
}

}  // namespace
}  // namespace plumb
