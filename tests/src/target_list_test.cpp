#include "src/target_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>

#include "tests/support/temporary_file.hpp"

namespace plumb {
namespace {

using testing::ElementsAre;

// stdin is a file with this text while it lives.
class Stdin {
 public:
  explicit Stdin(const std::string& text) : file_(std::tmpfile()), was_(::dup(STDIN_FILENO)) {
    std::fputs(text.c_str(), file_);
    std::rewind(file_);
    ::dup2(::fileno(file_), STDIN_FILENO);
  }
  ~Stdin() {
    ::dup2(was_, STDIN_FILENO);
    ::close(was_);
    std::fclose(file_);
  }

 private:
  std::FILE* file_;
  int was_;
};

std::vector<std::string> all(const TargetList& list) {
  std::vector<std::string> out;
  TargetList::Reader reader(list);
  while (const auto entry = reader.next())
    out.push_back(reader.place() + (entry->is_yaml ? "YAML " : "") + std::string(entry->text));
  EXPECT_FALSE(reader.next()) << "the end is the end";
  if (!reader.error().empty()) out.push_back(reader.error());
  return out;
}

TEST(TargetList, ArgumentsAndLinesInTheirOrder) {
  const Stdin in("# ours\n\n b:1 \r\n\t# none\nc\n");
  TargetList list;
  EXPECT_EQ(list.read({"a", "-", "d"}), "");
  EXPECT_THAT(all(list), ElementsAre("a", "stdin, line 3: b:1", "stdin, line 5: c", "d"));
  EXPECT_THAT(all(list), ElementsAre("a", "stdin, line 3: b:1", "stdin, line 5: c", "d"))
      << "again";
}

TEST(TargetList, AListNeedsNoLastNewline) {
  const Stdin in("x\ny");
  TargetList list;
  EXPECT_EQ(list.read({"-"}), "");
  EXPECT_THAT(all(list), ElementsAre("stdin, line 1: x", "stdin, line 2: y"));
}

TEST(TargetList, AListWithoutTargetsIsAMistake) {
  const Stdin in("# none\n\n");
  TargetList list;
  EXPECT_EQ(list.read({"-"}), "stdin named no target");
}

TEST(TargetList, FilesBehindWhatWasTyped) {
  const support::TemporaryDirectory files;
  const std::string one = files.write("one", "a\nb\n"), two = files.write("two", "# x\nc");
  TargetList list;
  EXPECT_EQ(list.read({"first"}, {one, two}), "");
  EXPECT_THAT(all(list),
              ElementsAre("first", one + ", line 1: a", one + ", line 2: b", two + ", line 2: c"));
  EXPECT_EQ(TargetList().read({}, {files.path("none")}),
            "cannot read the targets in " + files.path("none") + ": No such file or directory");
  EXPECT_EQ(TargetList().read({}, {files.write("empty", "#\n")}),
            files.path("empty") + " named no target");
}

std::vector<std::string> entries(const std::string& text, const std::string& name = "l") {
  const support::TemporaryDirectory files;
  TargetList list;
  std::string error = list.read({}, {files.write(name, text)});
  std::vector<std::string> out = error.empty() ? all(list) : std::vector{error};
  for (std::string& one : out)
    if (one.starts_with(files.path(name))) one.erase(0, files.path(name).size() + 2);
  return out;
}

TEST(TargetList, YamlIsKnownByItsFirstEntry) {
  EXPECT_THAT(entries("# ours\n---\n- a\n- target: b\n  ca: x\n\n# c\n- c\n"),
              ElementsAre("line 3: YAML - a\n", "line 4: YAML - target: b\n  ca: x\n\n# c\n",
                          "line 8: YAML - c\n"));
  EXPECT_THAT(entries("-\n  target: b\n"), ElementsAre("line 1: YAML -\n  target: b\n"));
  EXPECT_THAT(entries("a\n- b\n"), ElementsAre("line 1: a", "line 2: - b")) << "lines";
  EXPECT_THAT(entries("a\n", "l.yaml"), ElementsAre("line 1: a")) << "its name does not decide";
}

TEST(TargetList, EntriesBeginWhereTheFirstDid) {
  EXPECT_THAT(entries("  - a\n  - {target: b,\n      ca: c}\n"),
              ElementsAre("line 1: YAML   - a\n", "line 2: YAML   - {target: b,\n      ca: c}\n"));
  EXPECT_THAT(entries("- target: b\n  labels:\n    - x\n- c\n"),
              ElementsAre("line 1: YAML - target: b\n  labels:\n    - x\n", "line 4: YAML - c\n"));
  EXPECT_THAT(entries("- a\n...\n"), ElementsAre("line 1: YAML - a\n"));
}

TEST(TargetList, WhatBelongsToNoEntryIsAMistake) {
  const std::string what =
      "expected \"- \" and the next target, or more blanks before what belongs to this one";
  EXPECT_THAT(entries("- a\nb\n- c\n"), ElementsAre("line 2: " + what));
  EXPECT_THAT(entries("- a\n---\n- c\n"), ElementsAre("line 2: " + what));
  for (const char* other : {"[a, b]\n", "targets:\n  - a\n", "{target: a}\n"})
    EXPECT_THAT(entries(other, "l.yaml"),
                ElementsAre("line 1: a YAML list of targets begins each of them with \"- \""));
  EXPECT_THAT(entries("- a\n" + std::string(70'000, ' ') + "\n"),
              ElementsAre("line 2: a line is longer than 64 KiB"));
}

TEST(TargetList, AnEntryIsBounded) {
  std::string text = "- a\n- target: b\n";
  for (int i = 0; i < 5000; ++i) text += "  # and so on and on\n";
  EXPECT_THAT(entries(text),
              ElementsAre("line 1: YAML - a\n",
                          "line 2: the target that begins here is longer than 64 KiB"));
}

}  // namespace
}  // namespace plumb
