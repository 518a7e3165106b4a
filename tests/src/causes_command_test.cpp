#include "src/causes_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured.hpp"

namespace plumb {
namespace {

using support::captured;
using testing::HasSubstr;

TEST(CausesCommand, ListsAllOrPrintsOneInFull) {
  const auto all = captured([] { return causes_command({}); });
  EXPECT_EQ(all.code, 0);
  EXPECT_THAT(all.out, HasSubstr("dns-nxdomain"));
  EXPECT_THAT(all.out, HasSubstr("unclassified"));
  const auto one = captured([] { return causes_command({"dns-nxdomain", false}); });
  EXPECT_EQ(one.code, 0);
  EXPECT_LT(one.out.size(), all.out.size());
  EXPECT_THAT(one.out, HasSubstr("How it shows"));
}

TEST(CausesCommand, AnUnknownIdIsWrongUsageAndNamesTheNearest) {
  const auto typed = captured([] { return causes_command({"dns-nxdomian", false}); });
  EXPECT_EQ(typed.code, 2);
  EXPECT_EQ(typed.out, "");
  EXPECT_EQ(typed.err, "plumb: no cause is called dns-nxdomian; the nearest:\ndns-nxdomain\n");
  const auto word = captured([] { return causes_command({"nxdomain", false}); });
  EXPECT_THAT(word.err, HasSubstr("dns-nxdomain"));
  const auto nothing = captured([] { return causes_command({"zzzzzzzzzzzzzzzzzz", false}); });
  EXPECT_THAT(nothing.err, HasSubstr("'plumb causes' lists them all"));
}

}  // namespace
}  // namespace plumb
