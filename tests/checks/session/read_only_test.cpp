#include "checks/session/read_only.hpp"

#include <gtest/gtest.h>

#include "tests/checks/session/session_case.hpp"

namespace plumb::session {
namespace {

TEST(ReadOnly, ATargetThatRefusesWritesIsAnErrorAndASourceMayBeAReplica) {
  const Strings by{"read_only", "super_read_only"};
  const Verdict target =
      match_read_only_target(session_case(Purpose::dms_target).fact(key::read_only_by, by).build());
  EXPECT_TRUE(target.matched);
  EXPECT_EQ(target.severity, Severity::error);
  EXPECT_EQ(target.confidence, Confidence::certain);
  EXPECT_EQ(bound_to(target, "message"), "read_only, super_read_only is ON");
  for (const Purpose purpose : {Purpose::connect, Purpose::dms_source, Purpose::replication_source})
    EXPECT_FALSE(
        match_read_only_target(session_case(purpose).fact(key::read_only_by, by).build()).matched);
  EXPECT_FALSE(match_read_only_target(session_case(Purpose::dms_target).build()).matched);
}

}  // namespace
}  // namespace plumb::session
