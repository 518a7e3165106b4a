// The exit codes of design.md §2.3; scripts depend on them.
#pragma once

#include <string_view>

namespace plumb {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;   // a target failed, or a finding reached --fail-on
inline constexpr int kExitUsage = 2;    // wrong usage or configuration: no packet was sent
inline constexpr int kExitUnknown = 3;  // could not measure, or could not deliver the report

// A monitoring plugin has no code for wrong usage but 3, UNKNOWN.
constexpr int usage_error_code(std::string_view format) {
  return format == "nagios" ? kExitUnknown : kExitUsage;
}

}  // namespace plumb
