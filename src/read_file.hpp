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
FileText read_file(const std::string& path, std::size_t limit);

}  // namespace plumb
