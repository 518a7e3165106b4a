// Names are compared as RFC 4343 has it: ASCII letters without their case, whatever the locale says.
#pragma once

#include <string>
#include <string_view>

namespace plumb {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline void lower(std::string& text) {
  for (char& c : text) c = to_lower(c);
}

inline std::string lowered(std::string_view text) {
  std::string out(text);
  lower(out);
  return out;
}

}  // namespace plumb
