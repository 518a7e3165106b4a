#include "src/target_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>

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
  while (const auto text = reader.next()) out.push_back(reader.place() + std::string(*text));
  EXPECT_FALSE(reader.next()) << "the end is the end";
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

}  // namespace
}  // namespace plumb
