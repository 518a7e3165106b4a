// A password comes from a file or from stdin, never from the command line, the environment or a
// URL. One trailing LF or CRLF is the editor's, not the password's; every other byte counts.
#pragma once

#include <string>
#include <variant>

#include "probe/model/secret.hpp"

namespace plumb {

// "-" is stdin. The error is a sentence with errno's words and what to do; it never holds the
// content.
std::variant<Secret, std::string> read_password_file(const std::string& path);

}  // namespace plumb
