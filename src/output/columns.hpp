// Text in terminal columns: width, cutting, padding and wrapping of UTF-8 that is already
// printable.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::output {

// Columns on a terminal: wide East Asian and emoji ranges count two, combining marks none.
std::size_t display_width(std::string_view text);
// At most `columns`; what was cut ends with "…". Never cuts inside a character.
std::string cut(std::string_view text, std::size_t columns);
// cut(), then blanks up to `columns`: after the text, or before it.
std::string left(std::string_view text, std::size_t columns);
std::string right(std::string_view text, std::size_t columns);
// Lines of at most `columns`, broken at blanks; a word that is longer stays whole, so that it can
// be pasted.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);
// `first`, then the text, wrapped; further lines begin beneath its beginning. Ends with a newline.
std::string hanging(std::string_view first, std::string_view text, std::size_t columns);
// Text of a report for a screen: every control byte escaped, bounded.
std::string screen(std::string_view text);

}  // namespace plumb::output
