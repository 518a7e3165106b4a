#include "src/output/columns.hpp"

#include <gtest/gtest.h>

namespace plumb::output {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe…"), 6U);
  EXPECT_EQ(display_width("数据库"), 6U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);  // combining acute
  EXPECT_EQ(display_width("\xf0\x9f\x98\x80"), 2U);
}

TEST(Cut, KeepsWhatFitsAndMarksWhatDoesNot) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abcde…");
  EXPECT_EQ(cut("größen", 4), "grö…");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(Cut, NeverSplitsAWideCharacter) {
  EXPECT_EQ(cut("数据库", 4), "数…");  // three columns: half of the second one does not fit
  EXPECT_EQ(cut("数据库", 5), "数据…");
}

TEST(Cut, SurvivesBytesThatAreNotUtf8) {
  for (const char* text : {"\xff\xfe\xfd", "abc\xe6", "\x80\x80"})
    for (std::size_t columns = 0; columns < 5; ++columns)
      EXPECT_LE(display_width(cut(text, columns)), columns);
}

TEST(Pad, FillsToTheWidthOnTheRightSide) {
  EXPECT_EQ(left("ö", 3), "ö  ");
  EXPECT_EQ(right("ö", 3), "  ö");
  EXPECT_EQ(left("abcd", 3), "ab…");
}

TEST(Wrap, BreaksAtBlanksAndKeepsLongWordsWhole) {
  EXPECT_EQ(wrap("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("a vpce-0123456789abcdef b", 10),
            (std::vector<std::string>{"a", "vpce-0123456789abcdef", "b"}));
  EXPECT_EQ(wrap("  spread   out ", 40), (std::vector<std::string>{"spread out"}));
  EXPECT_TRUE(wrap("", 40).empty());
  EXPECT_EQ(hanging("  1. ", "one two three", 12), "  1. one two\n     three\n");
  EXPECT_EQ(hanging("  1. ", "", 12), "");
}

TEST(Screen, EscapesWhatMovesACursor) {
  EXPECT_EQ(screen("a\x1b[2Jb"), "a\\x1b[2Jb");
  EXPECT_LE(screen(std::string(100000, 'x')).size(), 4096U);
}

}  // namespace
}  // namespace plumb::output
