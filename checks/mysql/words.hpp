// Looking for words in a server's text; ASCII case does not matter.
#pragma once

#include <algorithm>
#include <string_view>

namespace plumb::mysql {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline bool says(std::string_view text, std::string_view words) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), words.begin(), words.end(), same) != text.end();
}

}  // namespace plumb::mysql
