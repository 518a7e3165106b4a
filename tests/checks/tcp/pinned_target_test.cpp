#include "checks/tcp/pinned_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Case with_pinned(const char* address) {
  Case about = test::CaseBuilder("db.example.com:3306")
                   .resolved({"10.0.0.7"})
                   .connect("10.0.0.7:3306")
                   .build();
  if (address) about.policy.pinned_target = Address::parse(address);
  return about;
}

Observation follow_up(Phase phase, std::optional<Failure> failure = {}) {
  Observation seen;
  seen.phase = phase;
  seen.endpoint = "10.0.0.5:3306";
  seen.failure = failure;
  seen.facts.set(key::path_experiment, std::string(experiment::kPinnedTarget));
  return seen;
}

std::string sentence(const Verdict& verdict) {
  for (const auto& [name, value] : verdict.bindings)
    if (name == "what") return value;
  return {};
}

TEST(PinnedTarget, ThatTheNameStillGivesIsNoFault) {
  EXPECT_FALSE(pinned_target_left(with_pinned(nullptr)).matched);
  EXPECT_FALSE(pinned_target_left(with_pinned("10.0.0.7")).matched);
}

TEST(PinnedTarget, ThatTheDatabaseHasLeftIsCertain) {
  Case about = with_pinned("10.0.0.5");
  const Verdict unseen = pinned_target_left(about);
  EXPECT_TRUE(unseen.matched);
  EXPECT_EQ(unseen.confidence, Confidence::certain);
  EXPECT_EQ(unseen.severity, Severity::error);
  EXPECT_THAT(sentence(unseen), StartsWith("The load balancer sends to 10.0.0.5, while the name"));
  EXPECT_THAT(sentence(unseen), HasSubstr("10.0.0.7:3306"));
  about.evidence.add(follow_up(Phase::connect, Failure::timed_out));
  EXPECT_THAT(sentence(pinned_target_left(about)), EndsWith("nobody answers there any more"));
}

TEST(PinnedTarget, SaysWhoAnswersThere) {
  Case about = with_pinned("10.0.0.5");
  about.evidence.add(follow_up(Phase::connect));
  Observation greeting = follow_up(Phase::greeting);
  greeting.after = static_cast<int>(about.evidence.observations.size());
  about.evidence.add(greeting);
  EXPECT_THAT(sentence(pinned_target_left(about)), EndsWith("an old writer, or a reader"));
}

}  // namespace
}  // namespace plumb::tcp
