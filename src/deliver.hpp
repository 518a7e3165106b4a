// Getting bytes out of the process whole or saying that they did not get out: a full disk or a
// closed pipe is an error with words, never a short report that looks complete.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "src/exit_code.hpp"

namespace plumb {

// Each returns errno's words, empty on success.
std::string write_all(int fd, std::string_view text);
std::string write_stdout(std::string_view text);
std::string write_stderr(std::string_view text);
// Ends at a signal, too, which a full pipe would hold up for ever; takes off `text` what got out.
std::string write_stdout_until_signal(std::string& text);
// What a command answers, on stdout: `exit_code`, or 3 with a message if it did not get out whole.
int answer(std::string_view text, int exit_code = kExitOk);

// One message on stderr: "plumb: …".
void complain(std::string_view text);

// What is on the other side.
bool stdout_is_terminal();
bool stderr_is_terminal();     // one that can go back to the beginning of a line
std::size_t stdout_columns();  // 80 where nobody knows
std::size_t stderr_columns();

// stdout is a terminal, and neither NO_COLOR nor TERM=dumb forbids colour.
bool stdout_takes_colour();

}  // namespace plumb
