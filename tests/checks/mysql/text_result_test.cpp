#include "checks/mysql/text_result.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace plumb::mysql {
namespace {

using Step = TextResult::Step;
using namespace std::string_view_literals;

wire::View bytes(std::string_view text) { return wire::as_bytes(text); }

constexpr std::string_view kEof = "\xfe\0\0\2\0"sv;

// A result of two columns up to its rows.
TextResult two_columns() {
  TextResult result;
  for (const std::string_view packet : {"\2"sv, "definition"sv, "definition"sv, kEof})
    EXPECT_EQ(result.on_packet(bytes(packet)), Step::listen);
  return result;
}

TEST(TextResult, RowsUpToTheEof) {
  TextResult result = two_columns();
  EXPECT_EQ(result.on_packet(bytes("\1a\2bc"sv)), Step::listen);
  EXPECT_EQ(result.on_packet(bytes("\xfb\0"sv)), Step::listen);
  EXPECT_EQ(result.on_packet(bytes(kEof)), Step::over);
  EXPECT_EQ(result.rows(), (std::vector<TextRow>{{"a", "bc"}, {std::nullopt, ""}}));
  EXPECT_FALSE(result.error());
}

TEST(TextResult, AnErrorEndsItAnywhere) {
  TextResult at_once;
  EXPECT_EQ(at_once.on_packet(bytes("\xff\xcb\4#42000no right"sv)), Step::over);
  EXPECT_EQ(at_once.error()->code, 1227);
  TextResult late = two_columns();
  late.on_packet(bytes("\1a\1b"sv));
  EXPECT_EQ(late.on_packet(bytes("\xff\x25\5#70100killed"sv)), Step::over);
  EXPECT_EQ(late.error()->code, 1317);
  EXPECT_EQ(late.rows().size(), 1u);
  TextResult cut;
  EXPECT_EQ(cut.on_packet(bytes("\xff\xcb"sv)), Step::malformed);
}

TEST(TextResult, AnOkIsAResultWithoutRows) {
  TextResult result;
  EXPECT_EQ(result.on_packet(bytes("\0\0\0\2\0\0\0"sv)), Step::over);
  EXPECT_TRUE(result.rows().empty());
}

TEST(TextResult, WhatIsNoResult) {
  for (const std::string_view head :
       {""sv, "\xfb/etc/passwd"sv, "\xfc\1\0"sv, "\x11"sv, "\2\2"sv, "\xfe\0\0\2\0"sv})
    EXPECT_EQ(TextResult().on_packet(bytes(head)), Step::malformed) << testing::PrintToString(head);
  TextResult few;
  few.on_packet(bytes("\2"sv));
  EXPECT_EQ(few.on_packet(bytes(kEof)), Step::malformed) << "no definitions";
  TextResult many;
  many.on_packet(bytes("\1"sv));
  many.on_packet(bytes("definition"sv));
  EXPECT_EQ(many.on_packet(bytes("definition"sv)), Step::malformed) << "one too many";
}

TEST(TextResult, ARowIsItsColumnsAndNothingElse) {
  EXPECT_EQ(parse_text_row(bytes("\1a\1b"sv), 2), (TextRow{"a", "b"}));
  EXPECT_EQ(parse_text_row(bytes("\xfc\3\0abc\xfd\1\0\0d"sv), 2), (TextRow{"abc", "d"}));
  EXPECT_EQ(parse_text_row({}, 0), TextRow{});
  for (const std::string_view row : {""sv, "\1a"sv, "\1a\1b\1c"sv, "\1a\5b"sv, "\1a\xfc\1"sv,
                                     "\1a\xfe\1\0\0\0\0\0\0\0b"sv, "\1a\xff"sv})
    EXPECT_FALSE(parse_text_row(bytes(row), 2)) << testing::PrintToString(row);
}

TEST(TextResult, ItEndsHoweverMuchComes) {
  TextResult result = two_columns();
  for (std::size_t i = 0; i < TextResult::kMostRows; ++i)
    ASSERT_EQ(result.on_packet(bytes("\1a\1b"sv)), Step::listen);
  EXPECT_EQ(result.on_packet(bytes("\1a\1b"sv)), Step::malformed);
}

}  // namespace
}  // namespace plumb::mysql
