// A file that is written piece by piece and is there as a whole or not at all: through a temporary
// file beside it and a rename, mode 0600, so that a reader sees the old file or the new one. What is
// no regular file (a pipe, /dev/null) is written to directly. An error is kept until the end: what
// fails to be saved must not stop a run.
#pragma once

#include <string>
#include <string_view>

namespace plumb {

class SavedFile {
 public:
  explicit SavedFile(const std::string& path);
  SavedFile(const SavedFile&) = delete;
  SavedFile& operator=(const SavedFile&) = delete;
  ~SavedFile();  // not finished: nothing is left of it

  void add(std::string_view text);
  std::string finish();  // errno's words; empty: it is there

 private:
  void flush();
  void note_errno();

  std::string path_, temporary_;  // temporary_ empty: written to directly
  int fd_ = -1;
  std::string waiting_, error_;
};

}  // namespace plumb
