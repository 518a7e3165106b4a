// The number in a server's version: 8.0.28 of "8.0.28-log", 10.11.6 of "5.5.5-10.11.6-MariaDB".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace plumb::session {

struct Version {
  std::array<int, 3> parts{};
  auto operator<=>(const Version&) const = default;
};

// Absent without three numbers at the beginning.
std::optional<Version> parse_version(std::string_view text);
std::string to_string(const Version& version);

}  // namespace plumb::session
