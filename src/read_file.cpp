#include "src/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include "src/errno_text.hpp"

namespace plumb {
namespace {

void read_all(int fd, std::size_t limit, FileText& into) {
  std::array<char, 65536> buffer;
  while (into.text.size() <= limit) {
    const ssize_t got = read(fd, buffer.data(), std::min(buffer.size(), limit + 1));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) into.error = errno_text();
    if (got <= 0) break;
    into.text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  // A password may have passed through here; the reader's copy is the caller's to wipe.
  std::fill_n(static_cast<volatile char*>(buffer.data()), buffer.size(), '\0');
  if (into.text.size() <= limit) return;
  into.text.resize(limit);
  into.cut = true;
}

}  // namespace

FileText read_file(const std::string& path, std::size_t limit, std::size_t room) {
  FileText file;
  file.text.reserve(room);
  if (path == "-") {
    read_all(STDIN_FILENO, limit, file);
    return file;
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    file.error = errno_text();
    return file;
  }
  read_all(fd, limit, file);
  close(fd);
  return file;
}

}  // namespace plumb
