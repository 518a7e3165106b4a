#include "checks/session/version.hpp"

#include <gtest/gtest.h>

namespace plumb::session {
namespace {

std::string read(std::string_view text) {
  const auto version = parse_version(text);
  return version ? to_string(*version) : "none";
}

TEST(Version, ThreeNumbersAndWhateverFollows) {
  EXPECT_EQ(read("8.0.36"), "8.0.36");
  EXPECT_EQ(read("8.4.0-u2-cloud"), "8.4.0");
  EXPECT_EQ(read("10.11.6-MariaDB-log"), "10.11.6");
  EXPECT_EQ(read("5.5.5-10.11.6-MariaDB"), "10.11.6");
  EXPECT_EQ(read("5.5.5"), "5.5.5");
}

TEST(Version, LessIsNone) {
  for (const char* text : {"", "8", "8.0", "8.0.", "8..0", "x8.0.1", "-1.0.0", "8.0.99999999999"})
    EXPECT_EQ(read(text), "none") << text;
}

TEST(Version, NumbersAreComparedAsNumbers) {
  EXPECT_LT(*parse_version("8.0.9"), *parse_version("8.0.28"));
  EXPECT_LT(*parse_version("8.4.0"), *parse_version("9.0.0"));
}

}  // namespace
}  // namespace plumb::session
