#include "src/password_file.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

#include "probe/model/printable.hpp"
#include "src/read_file.hpp"

namespace plumb {
namespace {

// Longer than any server accepts: a directory listing or a certificate was given by mistake.
constexpr std::size_t kLongest = 4096;

std::string named(const std::string& path) {
  return path == "-" ? "the password on stdin" : "the password file " + printable(path);
}

void drop_line_end(std::string& text) {
  if (text.empty() || text.back() != '\n') return;
  text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
}

}  // namespace

std::variant<Secret, std::string> read_password_file(const std::string& path) {
  FileText file = read_file(path, kLongest + 2);
  if (!file.error.empty())
    return "cannot read " + named(path) + ": " + file.error +
           "; give --password-file a file you may read, or - for stdin";
  const bool empty_given = file.text.empty();
  drop_line_end(file.text);
  const bool too_long = file.text.size() > kLongest || file.cut;
  const bool has_nul = file.text.find('\0') != std::string::npos;
  const bool usable = !file.text.empty() && !too_long && !has_nul;
  Secret secret(std::move(file.text));
  if (usable) return secret;
  if (too_long) return named(path) + " is longer than 4096 bytes; it must hold the password alone";
  if (has_nul) return named(path) + " holds a NUL byte; it must hold the password alone";
  return named(path) + (empty_given ? " is empty" : " holds no password") +
         "; for an anonymous login leave --user and --password-file out";
}

}  // namespace plumb
