#include "src/strict_json.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace plumb::strict {
namespace {

std::string complaint(const std::function<void()>& read) {
  try {
    read();
  } catch (const Wrong& wrong) {
    return wrong.what();
  }
  return {};
}

TEST(StrictJson, SaysWhatIsWrongWithAMember) {
  const Json json{{"n", 7}, {"half", 7.5}, {"word", "silent"}, {"yes", true}};
  EXPECT_EQ(complaint([&] { check_keys(json, "it", {"n"}); }), "it has no member 'half'");
  EXPECT_EQ(complaint([&] { check_keys(Json::array(), "it", {}); }),
            "it must be an object, not array");
  EXPECT_EQ(complaint([&] { text(json, "gone"); }), "'gone' is missing");
  EXPECT_EQ(complaint([&] { text(json, "n"); }), "'n' must be a text, not number");
  EXPECT_EQ(complaint([&] { integer(json, "n", 0, 6); }), "'n' must be a whole number of 0 to 6");
  EXPECT_NE(complaint([&] { integer(json, "half", 0, 9); }), "");
  EXPECT_EQ(complaint([&] { flag(json, "n"); }), "'n' must be true or false");
  EXPECT_EQ(complaint([&] { word<Failure>(json, "word"); }), "'silent' is no word");
  EXPECT_EQ(complaint([&] { milliseconds(json, "word"); }),
            "'word' must be a number of milliseconds");
}

TEST(StrictJson, GivesWhatIsRight) {
  const Json json{{"n", 7},
                  {"word", "refused"},
                  {"yes", true},
                  {"text",
                   "a\x1b"
                   "b"}};
  EXPECT_EQ(integer(json, "n", 0, 7), 7);
  EXPECT_EQ(word<Failure>(json, "word"), Failure::refused);
  EXPECT_TRUE(flag(json, "yes"));
  EXPECT_EQ(text(json, "text"), "a\\x1bb") << "printable";
  EXPECT_EQ(optional_text(json, "gone"), "");
  EXPECT_EQ(milliseconds(json, "n"), Micros(7000));
}

}  // namespace
}  // namespace plumb::strict
