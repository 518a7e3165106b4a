#include "probe/model/printable.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace plumb {
namespace {

constexpr std::string_view kCut = "…";

std::uint8_t byte(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

struct Rune {
  std::uint32_t code = 0;
  std::size_t length = 0;  // 0: not valid UTF-8
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Rune decode(std::string_view text) {
  const std::uint8_t first = byte(text, 0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  std::uint32_t code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text, i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(text, i) & 0x3fU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[length] || code > 0x10ffff || surrogate) return {};
  return {code, length};
}

// Controls, line separators, and what reorders or hides its neighbours on a screen.
bool is_dangerous(std::uint32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool bidirectional = code == 0x061c || code == 0x200e || code == 0x200f ||
                             (code >= 0x2028 && code <= 0x202e) ||
                             (code >= 0x2066 && code <= 0x2069);
  const bool invisible = (code >= 0x200b && code <= 0x200d) || code == 0xfeff || code == 0x2060 ||
                         (code >= 0xe0000 && code <= 0xe007f);
  return control || bidirectional || invisible;
}

// Eight at a time: no byte has its highest bit, nor gets it from what is added or taken away. A borrow
// only comes from a byte that is none itself.
bool is_plain(std::string_view text, std::size_t limit) {
  if (text.size() > limit) return false;
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const auto odd = [](std::uint64_t bytes) {
    return (bytes | (bytes + kEach) | (bytes - kEach * ' ')) & (kEach << 7);
  };
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if (odd(bytes) != 0) return false;
  }
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

void append_escaped(std::string& out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : bytes) {
    const auto value = static_cast<std::uint8_t>(c);
    out += {'\\', 'x', kHex[value >> 4], kHex[value & 15]};
  }
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  if (is_plain(text, limit)) return std::string(text);
  std::string out;
  std::size_t fits = 0;  // where to cut so that the mark still fits
  while (!text.empty()) {
    const Rune rune = decode(text);
    const std::size_t taken = rune.length == 0 ? 1 : rune.length;
    if (rune.length == 0 || is_dangerous(rune.code))
      append_escaped(out, text.substr(0, taken));
    else
      out += text.substr(0, taken);
    if (out.size() > limit) break;
    if (out.size() + kCut.size() <= limit) fits = out.size();
    text.remove_prefix(taken);
  }
  if (out.size() <= limit) return out;
  out.resize(fits);
  if (fits + kCut.size() <= limit) out += kCut;
  return out;
}

std::string made_printable(std::string text) {
  return is_plain(text, kPrintableLimit) ? std::move(text) : printable(text);
}

}  // namespace plumb
