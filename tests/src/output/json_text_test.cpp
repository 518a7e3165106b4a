#include "src/output/json_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

std::string written(std::string_view text) { return JsonText().text(text).take(); }
std::string written(double number) { return JsonText().number(number).take(); }

TEST(JsonText, SetsCommasAndKeepsTheOrder) {
  JsonText out;
  out.begin_object().key("b").number(1).key("a").begin_list().end_list();
  out.key("list").begin_list().begin_object().end_object().text("x").flag(true).end_list();
  out.key("object").begin_object().key("n").number(-2).key("f").flag(false).end_object();
  out.key("texts").texts(std::vector<std::string>{"p", "q"}).key("last").number(0.5).end_object();
  EXPECT_EQ(out.take(), R"({"b":1,"a":[],"list":[{},"x",true],"object":{"n":-2,"f":false},)"
                        R"("texts":["p","q"],"last":0.5})");
}

TEST(JsonText, WritesTextAsTheLibraryDoes) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = "a" + std::string(1, static_cast<char>(c)) + "z";
    EXPECT_EQ(written(text), dump_line(Json(text))) << c;
  }
  for (const std::string text : {"", "\"", "a\\\"\nb", "\xc3\xa4 \xe2\x80\xa6", "\xf0\x9f\x92\xa5",
                                 "cut \xe2\x80", "\n\"\xff"})
    EXPECT_EQ(written(text), dump_line(Json(text)));
}

TEST(JsonText, WritesNumbersAsTheLibraryDoes) {
  for (const double number : {0.0, -0.0, 1.0, 14.231, 1e-7, 1e15, 1e20, 0.1 + 0.2})
    EXPECT_EQ(written(number), dump_line(Json(number)));
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(JsonText().number(kLeast).take(), dump_line(Json(kLeast)));
  EXPECT_EQ(JsonText().number(kMost).take(), dump_line(Json(kMost)));
}

}  // namespace
}  // namespace plumb::output
