#include "src/list_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> lines_of(const ListText& text) {
  std::vector<std::string> out;
  ListText::Lines lines(text);
  while (const auto line = lines.next()) out.emplace_back(*line);
  EXPECT_EQ(lines.number(), out.size());
  EXPECT_EQ(lines.error(), "");
  return out;
}

TEST(ListText, LinesOfAFileAsOftenAsAsked) {
  const support::TemporaryDirectory files;
  ListText text;
  ASSERT_EQ(text.open(files.write("l",
                                  "\xef\xbb\xbf"
                                  "a\r\n\n b \nlast")),
            "");
  EXPECT_THAT(lines_of(text), ElementsAre("a", "", " b ", "last"));
  EXPECT_THAT(lines_of(text), ElementsAre("a", "", " b ", "last"));
}

TEST(ListText, AnEmptyFileHasNoLine) {
  const support::TemporaryDirectory files;
  ListText text;
  ASSERT_EQ(text.open(files.write("l", "")), "");
  EXPECT_THAT(lines_of(text), ElementsAre());
}

TEST(ListText, LinesAcrossThePiecesItIsReadIn) {
  const support::TemporaryDirectory files;
  std::string content;
  for (int i = 0; i < 50'000; ++i) content += "target-" + std::to_string(i) + "\n";
  ListText text;
  ASSERT_EQ(text.open(files.write("l", content)), "");
  const auto lines = lines_of(text);
  ASSERT_EQ(lines.size(), 50'000U);
  for (int i = 0; i < 50'000; ++i)
    ASSERT_EQ(lines[static_cast<std::size_t>(i)], "target-" + std::to_string(i));
}

TEST(ListText, ALineThatIsNoneIsAnErrorAndNoMemory) {
  const support::TemporaryDirectory files;
  ListText text;
  ASSERT_EQ(text.open(files.write("l", "a\n" + std::string(1'000'000, 'x') + "\n")), "");
  ListText::Lines lines(text);
  EXPECT_TRUE(lines.next());
  EXPECT_FALSE(lines.next());
  EXPECT_EQ(lines.error(), "a line is longer than 64 KiB");
  EXPECT_FALSE(lines.next());
}

TEST(ListText, APipeIsKeptAndReadAsOftenAsAsked) {
  const support::TemporaryDirectory files;
  const std::string pipe = files.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&pipe] { std::ofstream(pipe) << "a\nb\n"; });
  ListText text;
  EXPECT_EQ(text.open(pipe), "");
  writer.join();
  EXPECT_THAT(lines_of(text), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of(text), ElementsAre("a", "b"));
}

TEST(ListText, WhatIsWrittenToMeanwhileIsNoLongerWhatWasLookedAt) {
  const support::TemporaryDirectory files;
  ListText text;
  ASSERT_EQ(text.open(files.write("l", "a\n")), "");
  files.write("l", "a\nb\n");
  ListText::Lines lines(text);
  EXPECT_FALSE(lines.next());
  EXPECT_EQ(lines.error(), "it was written to while it was read");
}

TEST(ListText, WhatCannotBeReadIsSaid) {
  ListText text;
  EXPECT_EQ(text.open("/nonexistent/list"), "No such file or directory");
  EXPECT_EQ(text.open("/"), "Is a directory");
}

}  // namespace
}  // namespace plumb
