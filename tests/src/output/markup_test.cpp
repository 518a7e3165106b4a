#include "src/output/markup.hpp"

#include <gtest/gtest.h>

namespace plumb::output {
namespace {

TEST(Html, EscapesEverythingThatCouldLeaveItsPlace) {
  EXPECT_EQ(html("<a href=\"x\" onclick='y'>&"),
            "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(html("a\x1b\nb"), "a\\x1b\\x0ab");
}

TEST(Element, HasAClassOnlyWhenGiven) {
  EXPECT_EQ(element("p", "x"), "<p>x</p>");
  EXPECT_EQ(element("p", "x", "soft"), "<p class=\"soft\">x</p>");
}

}  // namespace
}  // namespace plumb::output
