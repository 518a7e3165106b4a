#include "src/list_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "src/errno_text.hpp"
#include "src/read_file.hpp"

namespace plumb {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool same(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

struct ListText::File {
  int fd;
  bool ours;
  off_t begin;
  struct stat opened;

  File(int descriptor, bool owned, off_t from, const struct stat& info)
      : fd(descriptor), ours(owned), begin(from), opened(info) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (ours) close(fd);
  }
  bool unchanged() const {
    struct stat now {};
    return fstat(fd, &now) == 0 && now.st_size == opened.st_size &&
           same(now.st_mtim, opened.st_mtim);
  }
};

std::string ListText::open(const std::string& path) {
  const bool is_stdin = path == "-";
  struct stat info {};
  if ((is_stdin ? fstat(STDIN_FILENO, &info) : stat(path.c_str(), &info)) != 0) return errno_text();
  if (!S_ISREG(info.st_mode)) {
    FileText text = read_file(path, kLongestKept, kLongestKept);
    if (text.cut) return "it is longer than 48 MiB; a file of any length can be given by its name";
    kept_ = std::move(text.text);
    return text.error;
  }
  const int fd = is_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno_text();
  const off_t from = is_stdin ? std::max<off_t>(lseek(fd, 0, SEEK_CUR), 0) : 0;
  file_ = std::make_shared<const File>(fd, !is_stdin, from, info);
  return {};
}

bool ListText::read(std::uint64_t at, std::string& into, std::string& error) const {
  if (!file_) {
    if (at >= kept_.size()) return false;
    into.append(kept_, at, kPiece);
    return true;
  }
  const std::size_t before = into.size();
  into.resize(before + kPiece);
  ssize_t got = -1;
  do {
    got = pread(file_->fd, into.data() + before, kPiece, file_->begin + static_cast<off_t>(at));
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    error = errno_text();
  else if (!file_->unchanged())
    error = "it was written to while it was read";
  into.resize(before + (error.empty() ? static_cast<std::size_t>(got) : 0));
  return error.empty() && got > 0;
}

bool ListText::Lines::fill() {
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t before = buffer_.size();
  if (!text_->read(at_, buffer_, error_)) return false;
  const bool first = at_ == 0;
  at_ += buffer_.size() - before;
  if (first && buffer_.starts_with(kByteOrderMark)) begin_ = kByteOrderMark.size();
  return true;
}

std::optional<std::string_view> ListText::Lines::next() {
  if (!error_.empty()) return std::nullopt;
  std::size_t end = buffer_.find('\n', begin_);
  while (end == std::string::npos) {
    const std::size_t known = buffer_.size() - begin_;
    if (known > kLongestLine || !fill()) break;
    end = buffer_.find('\n', begin_ + known);
  }
  if (!error_.empty()) return std::nullopt;
  if (end == std::string::npos && begin_ == buffer_.size()) return std::nullopt;
  ++number_;
  std::string_view line = std::string_view(buffer_).substr(begin_, end - begin_);
  if (line.size() > kLongestLine) {
    error_ = "a line is longer than 64 KiB";
    return std::nullopt;
  }
  begin_ = end == std::string::npos ? buffer_.size() : end + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace plumb
