#include "src/read_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

TEST(ReadFile, WholeFileAndItsLimit) {
  const support::TemporaryDirectory files;
  const std::string path = files.write("f", std::string("a\0b\n", 4));
  EXPECT_EQ(read_file(path, 4).text, std::string("a\0b\n", 4));
  EXPECT_FALSE(read_file(path, 4).cut);
  EXPECT_EQ(read_file(path, 3).text.size(), 3u);
  EXPECT_TRUE(read_file(path, 3).cut);
}

TEST(ReadFile, LargerThanItsBuffer) {
  const support::TemporaryDirectory files;
  const std::string large(300'000, 'x');
  EXPECT_EQ(read_file(files.write("f", large), 1'000'000).text, large);
}

TEST(ReadFile, ErrorsAreErrnosWords) {
  EXPECT_EQ(read_file("/nonexistent/file", 10).error, "No such file or directory");
  EXPECT_EQ(read_file("/tmp", 10).error, "Is a directory");
}

}  // namespace
}  // namespace plumb
