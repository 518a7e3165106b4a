// Looking for words in a server's text; ASCII case does not matter.
#pragma once

#include <algorithm>
#include <string_view>

namespace plumb::mysql {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool says(std::string_view text, std::string_view words) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  if (words.empty()) return true;
  const char first = lower(words.front());
  for (; text.size() >= words.size(); text.remove_prefix(1))
    if (lower(text.front()) == first && std::equal(words.begin(), words.end(), text.begin(), same))
      return true;
  return false;
}

}  // namespace plumb::mysql
