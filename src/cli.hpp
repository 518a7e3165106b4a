// The command line → one Command, or the answer to give at once (help, version, what is wrong).
// Pure: reads no file and prints nothing. An argument that was not understood is never echoed
// whole: it may be a password.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "src/options.hpp"

namespace plumb {

struct Answer {
  int exit_code = 0;
  std::string out;  // for stdout
  std::string err;  // for stderr
};

std::variant<Command, Answer> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace plumb
