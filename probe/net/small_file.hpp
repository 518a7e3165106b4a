// A file of this host, whole as far as it is no longer than 1 MiB: configuration and /proc.
#pragma once

#include <optional>
#include <string>

namespace plumb::net {

std::optional<std::string> read_small_file(const std::string& path);  // empty: cannot be read

}  // namespace plumb::net
