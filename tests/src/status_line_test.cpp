#include "src/status_line.hpp"

#include <gtest/gtest.h>

#include "tests/support/captured.hpp"

namespace plumb {
namespace {

std::string written(void (*use)(StatusLine&)) {
  return support::captured([use] {
           StatusLine line;
           use(line);
           return 0;
         })
      .err;
}

TEST(StatusLine, PaintsOverWhatWasThere) {
  EXPECT_EQ(written([](StatusLine& line) {
              line.show("1 of 10");
              line.show("2 of 10");
              line.show("2 of 10");
              line.show("3");
              line.clear();
              line.clear();
            }),
            "\r1 of 10\r2 of 10\r3      \r   \r");
}

TEST(StatusLine, LeavesNothingBehind) {
  EXPECT_EQ(written([](StatusLine& line) { line.show("abc"); }), "\rabc\r     \r");
  EXPECT_EQ(written([](StatusLine&) {}), "");
}

}  // namespace
}  // namespace plumb
