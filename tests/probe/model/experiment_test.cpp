#include "probe/model/experiment.hpp"

#include <gtest/gtest.h>

#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::experiment {
namespace {

Observation step(Phase phase, int after, std::string_view experiment) {
  Observation seen;
  seen.phase = phase;
  seen.after = after;
  seen.facts.set(key::path_experiment, std::string(experiment));
  return seen;
}

Case example() {
  Case about = test::CaseBuilder("db:4000").timed_out("10.0.0.1:4000").build();
  about.evidence.add(step(Phase::connect, 1, kSecondPort));   // 2
  about.evidence.add(step(Phase::connect, 1, kSecondPort));   // 3
  about.evidence.add(step(Phase::greeting, 2, kSecondPort));  // 4
  about.evidence.add(step(Phase::login, 4, kSecondPort));     // 5
  about.evidence.add(step(Phase::resolve, 1, kZonalName));    // 6
  return about;
}

TEST(Experiment, TheFirstPassEndsWhereFollowUpsBegin) {
  const Case about = example();
  ASSERT_EQ(first_pass(about.evidence).size(), 1U);
  EXPECT_FALSE(is_followup(first_pass(about.evidence)[0]));
}

TEST(Experiment, PathsGoFromTheirConnectToTheirLastStep) {
  const Case about = example();
  const auto found = paths(about, kSecondPort);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].last_n, 5);
  EXPECT_TRUE(found[0].answered() && found[0].greeted());
  EXPECT_EQ(found[1].last_n, 3);
  EXPECT_TRUE(found[1].connected());
  EXPECT_FALSE(found[1].greeted());
  EXPECT_TRUE(paths(about, kRepeat).empty());
}

TEST(Experiment, QuestionsAndAll) {
  const Case about = example();
  EXPECT_EQ(questions(about, kZonalName), (std::vector<int>{6}));
  EXPECT_EQ(all(about, kSecondPort), (std::vector<int>{2, 3, 4, 5}));
}

}  // namespace
}  // namespace plumb::experiment
