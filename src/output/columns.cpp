#include "src/output/columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "probe/model/printable.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kScreenLimit = 4096;

using Range = std::pair<char32_t, char32_t>;
// The blocks that matter on a terminal, not all of Unicode: an error here shifts a column, nothing
// more.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115f},
                                      {0x2e80, 0x303e},
                                      {0x3041, 0xa4cf},
                                      {0xac00, 0xd7a3},
                                      {0xf900, 0xfaff},
                                      {0xfe30, 0xfe6f},
                                      {0xff00, 0xff60},
                                      {0x1f300, 0x1faff},
                                      {0x20000, 0x3fffd}}};
constexpr std::array<Range, 5> kNone{
    {{0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return range.first <= c && c <= range.second; });
}

struct Character {
  std::size_t bytes;
  std::size_t columns;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t want = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const std::size_t bytes = std::min(want, text.size() - at);
  if (bytes == 1) return {1, 1};
  char32_t c = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i)
    c = c << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  return {bytes, within(kNone, c) ? 0U : within(kWide, c) ? 2U : 1U};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    at += c.bytes;
    columns += c.columns;
  }
  return columns;
}

std::string cut(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t used = 1, end = 0;  // one for the ellipsis
  while (end < text.size()) {
    const Character c = character_at(text, end);
    if (used + c.columns > columns) break;
    used += c.columns;
    end += c.bytes;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string left(std::string_view text, std::size_t columns) {
  std::string out = cut(text, columns);
  return out.append(columns - display_width(out), ' ');
}

std::string right(std::string_view text, std::size_t columns) {
  const std::string out = cut(text, columns);
  return std::string(columns - display_width(out), ' ') + out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(' ', at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string_view word = text.substr(start, end - start);
    at = end;
    if (!lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= columns)
      lines.back().append(" ").append(word);
    else
      lines.emplace_back(word);
  }
  return lines;
}

std::string hanging(std::string_view first, std::string_view text, std::size_t columns) {
  std::string out, before(first);
  for (const std::string& line : wrap(text, columns - std::min(columns, first.size()))) {
    out += before + line + "\n";
    before.assign(first.size(), ' ');
  }
  return out;
}

std::string screen(std::string_view text) { return printable(text, kScreenLimit); }

}  // namespace plumb::output
