// Getting bytes out of the process whole or saying that they did not get out: a full disk or a
// closed pipe is an error with words, never a short report that looks complete.
#pragma once

#include <string>
#include <string_view>

#include "src/exit_code.hpp"

namespace plumb {

// Each returns errno's words, empty on success.
std::string write_stdout(std::string_view text);
// Through a temporary file beside it and a rename, mode 0600: a reader sees the old file or the new
// one. What is no regular file (a pipe, /dev/null) is written to directly.
std::string save_whole(const std::string& path, std::string_view text);

// What a command answers, on stdout: `exit_code`, or 3 with a message if it did not get out whole.
int answer(std::string_view text, int exit_code = kExitOk);

// One message on stderr: "plumb: …".
void complain(std::string_view text);

// stdout is a terminal, and neither NO_COLOR nor TERM=dumb forbids colour.
bool stdout_takes_colour();

}  // namespace plumb
