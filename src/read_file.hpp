// A file, or stdin for "-", read whole and bounded.
#pragma once

#include <cstddef>
#include <string>

namespace plumb {

struct FileText {
  std::string text;
  std::string error;  // errno's words; empty: read
  bool cut = false;   // there was more than `limit`
};
// `room`: made for so many bytes beforehand, which cost nothing until they are there; else a long
// text is twice in memory while it grows.
FileText read_file(const std::string& path, std::size_t limit, std::size_t room = 0);

}  // namespace plumb
