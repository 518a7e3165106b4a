#include "src/deliver.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include "src/errno_text.hpp"

namespace plumb {
namespace {

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term && std::string_view(term) == "dumb";
}

std::size_t columns_of(int fd) {
  winsize size{};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno_text();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string write_stdout(std::string_view text) { return write_all(STDOUT_FILENO, text); }
std::string write_stdout_until_signal(std::string& text) {
  std::size_t done = 0;
  std::string error;
  while (done < text.size()) {
    const ssize_t written = write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) error = errno_text();
    if (written < 0) break;
    done += static_cast<std::size_t>(written);
  }
  text.erase(0, done);
  return error;
}
std::string write_stderr(std::string_view text) { return write_all(STDERR_FILENO, text); }

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

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1 && !is_dumb(); }
std::size_t stdout_columns() { return columns_of(STDOUT_FILENO); }
std::size_t stderr_columns() { return columns_of(STDERR_FILENO); }

bool stdout_takes_colour() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color && *no_color) return false;
  return stdout_is_terminal() && !is_dumb();
}

}  // namespace plumb
