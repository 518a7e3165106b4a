#include "src/deliver.hpp"

#include <dirent.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/captured.hpp"
#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using support::content;
using support::TemporaryDirectory;

mode_t mode_of(const std::string& path) {
  struct stat info {};
  stat(path.c_str(), &info);
  return info.st_mode & 07777;
}

int files_in(const std::string& directory) {
  int count = 0;
  DIR* opened = opendir(directory.c_str());
  while (const dirent* entry = readdir(opened)) count += entry->d_name[0] == '.' ? 0 : 1;
  closedir(opened);
  return count;
}

TEST(SaveWhole, WritesWithModeSixHundredAndLeavesNothingElse) {
  const TemporaryDirectory files;
  EXPECT_EQ(save_whole(files.path("e"), "line\n"), "");
  EXPECT_EQ(content(files.path("e")), "line\n");
  EXPECT_EQ(mode_of(files.path("e")), 0600u);
  EXPECT_EQ(files_in(files.path("")), 1);
}

TEST(SaveWhole, ReplacesAnOlderFileAndFollowsALink) {
  const TemporaryDirectory files;
  files.write("real", "old");
  ASSERT_EQ(symlink("real", files.path("link").c_str()), 0);
  EXPECT_EQ(save_whole(files.path("link"), "new"), "");
  EXPECT_EQ(content(files.path("real")), "new");
  struct stat info {};
  ASSERT_EQ(lstat(files.path("link").c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
}

TEST(SaveWhole, FullDeviceIsAnErrorAndTheDeviceStays) {
  EXPECT_EQ(save_whole("/dev/full", "line\n"), "No space left on device");
  struct stat info {};
  ASSERT_EQ(stat("/dev/full", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
  EXPECT_EQ(save_whole("/dev/null", "line\n"), "");
}

TEST(SaveWhole, MissingDirectoryIsAnError) {
  EXPECT_EQ(save_whole("/nonexistent/e", "x"), "No such file or directory");
}

TEST(WriteStdout, GivesEveryByte) {
  testing::internal::CaptureStdout();
  const std::string error = write_stdout(std::string(200'000, 'x'));
  EXPECT_EQ(testing::internal::GetCapturedStdout().size(), 200'000u);
  EXPECT_EQ(error, "");
}

TEST(Complain, IsOneLineOnStderr) {
  testing::internal::CaptureStderr();
  complain("what is wrong");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "plumb: what is wrong\n");
}

TEST(Colour, NotWhereStdoutIsNoTerminal) {
  testing::internal::CaptureStdout();
  EXPECT_FALSE(stdout_takes_colour());
  testing::internal::GetCapturedStdout();
}

TEST(Answer, IsOnStdoutWithTheCodeItWasGiven) {
  const auto run = support::captured([] { return answer("two lines\n", kExitFailed); });
  EXPECT_EQ(run.code, kExitFailed);
  EXPECT_EQ(run.out, "two lines\n");
  EXPECT_EQ(run.err, "");
}

}  // namespace
}  // namespace plumb
