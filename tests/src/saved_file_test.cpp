#include "src/saved_file.hpp"

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

std::string save_whole(const std::string& path, std::string_view text) {
  SavedFile file(path);
  file.add(text);
  return file.finish();
}

int files_in(const std::string& directory) {
  int count = 0;
  DIR* opened = opendir(directory.c_str());
  while (const dirent* entry = readdir(opened)) count += entry->d_name[0] == '.' ? 0 : 1;
  closedir(opened);
  return count;
}

TEST(SavedFile, WritesWithModeSixHundredAndLeavesNothingElse) {
  const TemporaryDirectory files;
  EXPECT_EQ(save_whole(files.path("e"), "line\n"), "");
  EXPECT_EQ(content(files.path("e")), "line\n");
  EXPECT_EQ(mode_of(files.path("e")), 0600u);
  EXPECT_EQ(files_in(files.path("")), 1);
}

TEST(SavedFile, ReplacesAnOlderFileAndFollowsALink) {
  const TemporaryDirectory files;
  files.write("real", "old");
  ASSERT_EQ(symlink("real", files.path("link").c_str()), 0);
  EXPECT_EQ(save_whole(files.path("link"), "new"), "");
  EXPECT_EQ(content(files.path("real")), "new");
  struct stat info {};
  ASSERT_EQ(lstat(files.path("link").c_str(), &info), 0);
  EXPECT_TRUE(S_ISLNK(info.st_mode));
}

TEST(SavedFile, FullDeviceIsAnErrorAndTheDeviceStays) {
  EXPECT_EQ(save_whole("/dev/full", "line\n"), "No space left on device");
  struct stat info {};
  ASSERT_EQ(stat("/dev/full", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
  EXPECT_EQ(save_whole("/dev/null", "line\n"), "");
}

TEST(SavedFile, MissingDirectoryIsAnError) {
  EXPECT_EQ(save_whole("/nonexistent/e", "x"), "No such file or directory");
}

TEST(SavedFile, PieceByPieceAndNotThereBeforeTheEnd) {
  const TemporaryDirectory files;
  std::string all;
  {
    SavedFile file(files.path("e"));
    for (int i = 0; i < 20'000; ++i) {
      const std::string line = "line " + std::to_string(i) + "\n";
      file.add(line);
      all += line;
    }
    EXPECT_NE(access(files.path("e").c_str(), F_OK), 0);
    EXPECT_EQ(file.finish(), "");
  }
  EXPECT_TRUE(content(files.path("e")) == all);
}

TEST(SavedFile, WhatIsNotFinishedLeavesNothing) {
  const TemporaryDirectory files;
  { SavedFile(files.path("e")).add("x"); }
  EXPECT_EQ(files_in(files.path("")), 0);
}

}  // namespace
}  // namespace plumb
