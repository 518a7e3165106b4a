// Looking for words in a server's text; ASCII case does not matter.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace plumb::mysql {

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Every refusal is asked for some twenty phrases: the search is for their first letter.
inline bool says(std::string_view text, std::string_view words) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  if (words.empty()) return true;
  if (text.size() < words.size()) return false;
  const std::string_view starts = text.substr(0, text.size() - words.size() + 1);
  const auto from = [&](char first) {
    for (std::size_t at = starts.find(first); at != starts.npos; at = starts.find(first, at + 1))
      if (std::equal(words.begin(), words.end(), text.begin() + at, same)) return true;
    return false;
  };
  const char small = lower(words.front()), capital = upper(words.front());
  return from(small) || (capital != small && from(capital));
}

}  // namespace plumb::mysql
