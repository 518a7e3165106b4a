#include "checks/session/version.hpp"

#include <charconv>

namespace plumb::session {

std::optional<Version> parse_version(std::string_view text) {
  constexpr std::string_view kReplicationHack = "5.5.5-";  // before MariaDB's own number
  if (text.starts_with(kReplicationHack) && text.find("MariaDB") != std::string_view::npos)
    text.remove_prefix(kReplicationHack.size());
  Version version;
  for (std::size_t i = 0; i < version.parts.size(); ++i) {
    if (i > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), version.parts[i]);
    if (error != std::errc{} || version.parts[i] < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return version;
}

std::string to_string(const Version& version) {
  return std::to_string(version.parts[0]) + "." + std::to_string(version.parts[1]) + "." +
         std::to_string(version.parts[2]);
}

}  // namespace plumb::session
