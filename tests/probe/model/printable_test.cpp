#include "probe/model/printable.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace plumb {
namespace {

using namespace std::string_view_literals;

TEST(Printable, LeavesPlainAndForeignTextAlone) {
  EXPECT_EQ(printable("8.0.28-log"), "8.0.28-log");
  EXPECT_EQ(printable("Zugriff für „ä“ 数据库 🐬"), "Zugriff für „ä“ 数据库 🐬");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesWhatSteersATerminal) {
  EXPECT_EQ(printable("\x1b[2Jgone\r\n\t\0\x7f"sv), "\\x1b[2Jgone\\x0d\\x0a\\x09\\x00\\x7f");
  EXPECT_EQ(printable("a\xc2\x9bz"), "a\\xc2\\x9bz") << "C1: an 8-bit CSI";
  EXPECT_EQ(printable("a\xe2\x80\xaez"), "a\\xe2\\x80\\xaez") << "right-to-left override";
  EXPECT_EQ(printable("a\xe2\x81\xa6z"), "a\\xe2\\x81\\xa6z") << "isolate";
  EXPECT_EQ(printable("a\xe2\x80\x8bz"), "a\\xe2\\x80\\x8bz") << "zero width space";
}

TEST(Printable, EscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "surrogate";
  EXPECT_EQ(printable("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80") << "beyond Unicode";
  EXPECT_EQ(printable("ab\xe2\x82"), "ab\\xe2\\x82") << "cut in the middle";
}

TEST(Printable, IsTheSameOfATextToGiveAway) {
  const std::string plain = "a name that is too long to stand in the string itself";
  std::string given = plain;
  const char* const where = given.data();
  const std::string made = made_printable(std::move(given));
  EXPECT_EQ(made, plain);
  EXPECT_EQ(made.data(), where) << "not copied";
  EXPECT_EQ(made_printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(made_printable(std::string(300, 'a')), printable(std::string(300, 'a')));
}

TEST(Printable, CutsAtTheLimitAndSaysSo) {
  EXPECT_EQ(printable("12345678", 8), "12345678");
  EXPECT_EQ(printable("123456789", 8), "12345…");
  EXPECT_EQ(printable("1234ä789", 8), "1234…") << "no half character";
  EXPECT_EQ(printable("12\x01\x02", 8), "12…") << "no half escape";
  EXPECT_EQ(printable("long", 2), "");
}

TEST(Printable, IsBoundedAndStableForAnyBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::size_t limit = random() % 60;
    const std::string once = printable(bytes, limit);
    ASSERT_LE(once.size(), limit);
    ASSERT_EQ(printable(once, limit), once);
    for (const char c : once) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
}

}  // namespace
}  // namespace plumb
