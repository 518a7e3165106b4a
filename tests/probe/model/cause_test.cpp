#include "probe/model/cause.hpp"

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(Verdict, TellsWhatIsBound) {
  const Verdict verdict = Verdict::yes(Confidence::certain, Severity::error, {1},
                                       {{"kind", "first"}, {"kind", "second"}, {"who", "b"}});
  EXPECT_EQ(verdict.bound("who"), "b");
  EXPECT_EQ(verdict.bound("kind"), "first") << "the first of a name";
  EXPECT_EQ(verdict.bound("nobody"), "");
  EXPECT_EQ(Verdict::no("why").bound("who"), "");
}

}  // namespace
}  // namespace plumb
