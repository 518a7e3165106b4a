#include "src/strict_yaml.hpp"

#include <gtest/gtest.h>

namespace plumb::yaml {
namespace {

using namespace std::chrono_literals;

TEST(StrictYaml, UnknownKeysAreErrorsWithTheirPlace) {
  const YAML::Node map = YAML::Load("{a: 1, b: 2}");
  EXPECT_NO_THROW(allow_keys(map, {"a", "b", "c"}));
  try {
    allow_keys(map, {"a"});
    FAIL() << "was accepted";
  } catch (const YAML::Exception& error) {
    EXPECT_NE(std::string(error.what()).find("line 1"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("unknown key 'b'"), std::string::npos);
  }
  EXPECT_THROW(allow_keys(YAML::Load("[a]"), {"a"}), YAML::Exception);
}

TEST(StrictYaml, ValuesAndTheirDefaults) {
  const YAML::Node map = YAML::Load("{t: text, n: 7, f: false, one: x, two: [x, y]}");
  EXPECT_EQ(text_or(map, "t", "d"), "text");
  EXPECT_EQ(text_or(map, "no", "d"), "d");
  EXPECT_EQ(number_or(map, "n", 1), 7);
  EXPECT_EQ(number_or(map, "no", 1), 1);
  EXPECT_FALSE(flag_or(map, "f", true));
  EXPECT_TRUE(flag_or(map, "no", true));
  EXPECT_EQ(texts(map["one"]), std::vector<std::string>{"x"});
  EXPECT_EQ(texts(map["two"]), (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(texts(map["no"]).empty());
  EXPECT_THROW(text_of(map["two"]), YAML::Exception);
  EXPECT_THROW(number_or(map, "t", 1), YAML::Exception);
  EXPECT_THROW(flag_or(map, "t", true), YAML::Exception);
  EXPECT_THROW(texts(map), YAML::Exception) << "a map is no list";
}

TEST(StrictYaml, WordsOfTheVocabulary) {
  EXPECT_EQ(failure_of(YAML::Load("silent")), Failure::timed_out);
  EXPECT_EQ(failure_of(YAML::Load("admin_prohibited")), Failure::admin_prohibited);
  EXPECT_THROW(failure_of(YAML::Load("broken")), YAML::Exception);
  EXPECT_EQ(address_of(YAML::Load("fd00::1")).to_string(), "fd00::1");
  EXPECT_THROW(address_of(YAML::Load("db")), YAML::Exception);
  EXPECT_EQ(span_of(YAML::Load("-3d")), -72h);
  EXPECT_EQ(span_of(YAML::Load("1500ms")), 1500ms);
  EXPECT_THROW(span_of(YAML::Load("soon")), YAML::Exception);
}

}  // namespace
}  // namespace plumb::yaml
