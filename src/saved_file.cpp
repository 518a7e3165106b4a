#include "src/saved_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "src/deliver.hpp"
#include "src/errno_text.hpp"

namespace plumb {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

// A symbolic link keeps pointing where it did: its file is replaced, not the link.
std::string resolved(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  std::string out = real ? real : path;
  std::free(real);
  return out;
}

}  // namespace

SavedFile::SavedFile(const std::string& path) {
  struct stat info {};
  const bool exists = stat(path.c_str(), &info) == 0;
  const bool special = exists && !S_ISREG(info.st_mode);
  path_ = exists && !special ? resolved(path) : path;
  if (special) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    temporary_ = path_ + ".XXXXXX";
    fd_ = mkostemp(temporary_.data(), O_CLOEXEC);  // mode 0600
  }
  if (fd_ < 0) note_errno();
}

SavedFile::~SavedFile() {
  if (fd_ < 0) return;
  close(fd_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

void SavedFile::note_errno() {
  if (error_.empty()) error_ = errno_text();
}

void SavedFile::add(std::string_view text) {
  if (!error_.empty()) return;
  waiting_ += text;
  if (waiting_.size() >= kPiece) flush();
}

void SavedFile::flush() {
  if (error_.empty()) error_ = write_all(fd_, waiting_);
  waiting_.clear();
}

std::string SavedFile::finish() {
  if (fd_ < 0) return error_;
  flush();
  if (!temporary_.empty() && fsync(fd_) != 0) note_errno();
  if (close(fd_) != 0) note_errno();
  fd_ = -1;
  if (temporary_.empty()) return error_;
  if (error_.empty() && rename(temporary_.c_str(), path_.c_str()) != 0) note_errno();
  if (!error_.empty()) unlink(temporary_.c_str());
  return error_;
}

}  // namespace plumb
