#include "src/deliver.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace plumb {
namespace {

std::string errno_text() { return std::generic_category().message(errno); }

std::string write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_text();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string write_special(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno_text();
  const std::string error = write_all(fd, text);
  return close(fd) != 0 && error.empty() ? errno_text() : error;
}

std::string write_and_rename(const std::string& path, std::string_view text) {
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0) return errno_text();
  std::string error = write_all(fd, text);
  if (error.empty() && fsync(fd) != 0) error = errno_text();
  if (close(fd) != 0 && error.empty()) error = errno_text();
  if (error.empty() && rename(temporary.c_str(), path.c_str()) != 0) error = errno_text();
  if (!error.empty()) unlink(temporary.c_str());
  return error;
}

}  // namespace

std::string write_stdout(std::string_view text) { return write_all(STDOUT_FILENO, text); }

std::string save_whole(const std::string& path, std::string_view text) {
  struct stat info {};
  const bool exists = stat(path.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) return write_special(path, text);
  if (!exists) return write_and_rename(path, text);
  // A symbolic link keeps pointing where it did: its file is replaced, not the link.
  char* resolved = realpath(path.c_str(), nullptr);
  const std::string real = resolved ? resolved : path;
  std::free(resolved);
  return write_and_rename(real, text);
}

int answer(std::string_view text, int exit_code) {
  const std::string error = write_stdout(text);
  if (error.empty()) return exit_code;
  complain("stdout could not be written: " + error);
  return kExitUnknown;
}

void complain(std::string_view text) {
  const std::string line = "plumb: " + std::string(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

bool stdout_takes_colour() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color && *no_color) return false;
  if (term && std::string_view(term) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

}  // namespace plumb
