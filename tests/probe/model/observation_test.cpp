#include "probe/model/observation.hpp"

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(Evidence, NumbersAndFollowsBranches) {
  Evidence evidence;
  const int resolve = evidence.add({});
  Observation connect;
  connect.after = resolve;
  const int first = evidence.add(connect), second = evidence.add(connect);
  Observation greeting;
  greeting.after = second;
  const int last = evidence.add(greeting);
  EXPECT_EQ(first, 2);
  const auto branch = evidence.branch(last);
  ASSERT_EQ(branch.size(), 3U);
  EXPECT_EQ(branch[0]->n, resolve);
  EXPECT_EQ(branch[1]->n, second);
  EXPECT_EQ(branch[2]->n, last);
  EXPECT_EQ(evidence.find(0), nullptr);
  EXPECT_EQ(evidence.find(5), nullptr);
}

TEST(Evidence, ALoopInAFileEnds) {
  Evidence evidence;
  Observation forged;
  forged.after = 2;
  evidence.add(forged);
  evidence.add(forged);
  EXPECT_LE(evidence.branch(2).size(), 2U);
}

}  // namespace
}  // namespace plumb
