// errno's words, in the same language everywhere.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace plumb {

inline std::string errno_text() { return std::generic_category().message(errno); }

}  // namespace plumb
