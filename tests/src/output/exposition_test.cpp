#include "src/output/exposition.hpp"

#include <gtest/gtest.h>

namespace plumb::output {
namespace {

TEST(Exposition, KeepsAFamilyTogetherWithItsHeadOnce) {
  Exposition out;
  out.gauge("a", "first", {{"target", "x"}}, 1);
  out.gauge("b", "second", {}, 0.5);
  out.gauge("a", "first", {{"target", "y"}}, 2);
  EXPECT_EQ(out.text(),
            "# HELP a first\n# TYPE a gauge\na{target=\"x\"} 1\na{target=\"y\"} 2\n"
            "# HELP b second\n# TYPE b gauge\nb 0.5\n");
}

TEST(Exposition, EscapesLabelValues) {
  Exposition out;
  out.gauge("a", "h", {{"l", "q\" b\\ n\n"}}, 1);
  EXPECT_NE(out.text().find("a{l=\"q\\\" b\\\\ n\\n\"} 1\n"), std::string::npos);
}

TEST(Exposition, ASeriesComesOnce) {
  Exposition out;
  out.gauge("a", "h", {{"l", "x"}}, 1);
  out.gauge("a", "h", {{"l", "x"}}, 2);
  EXPECT_EQ(out.text(), "# HELP a h\n# TYPE a gauge\na{l=\"x\"} 1\n");
}

}  // namespace
}  // namespace plumb::output
