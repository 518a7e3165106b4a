// The only code that touches raw input. A Reader never reads past its end: the first attempt poisons it,
// everything after yields zeros and empties, and the parser asks `ok()` once per message. That makes a
// parser a straight line of reads, with one check, and nothing to forget (the rule of c-ares' ares_buf).
//
//   Need                     Use                      Never
//   an integer               u8 u16le u24le u32le…    reinterpret_cast, memcpy
//   a NUL-terminated text    text_until_nul           strlen
//   a counted text           take                     pointer arithmetic
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::wire {

using Bytes = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

inline std::string_view as_text(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline View as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class Reader {
 public:
  explicit Reader(View bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  std::size_t left() const { return ok_ ? bytes_.size() - at_ : 0; }
  std::size_t position() const { return at_; }

  View take(std::size_t count) {
    if (left() < count) {
      ok_ = false;
      return {};
    }
    const View taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  View rest() { return take(left()); }
  void skip(std::size_t count) { take(count); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(little<1>()); }
  std::uint16_t u16le() { return static_cast<std::uint16_t>(little<2>()); }
  std::uint32_t u24le() { return static_cast<std::uint32_t>(little<3>()); }
  std::uint32_t u32le() { return static_cast<std::uint32_t>(little<4>()); }
  std::uint64_t u64le() { return little<8>(); }
  std::uint16_t u16be() { return static_cast<std::uint16_t>(big<2>()); }
  std::uint32_t u32be() { return static_cast<std::uint32_t>(big<4>()); }

  // Up to and over the next NUL; poisons if there is none.
  std::string_view text_until_nul() {
    const View all = bytes_.subspan(std::min(at_, bytes_.size()));
    const auto nul = std::find(all.begin(), all.end(), std::uint8_t{0});
    if (!ok_ || nul == all.end()) {
      ok_ = false;
      return {};
    }
    const View text = take(static_cast<std::size_t>(nul - all.begin()));
    skip(1);
    return as_text(text);
  }

 private:
  // Of a known count: the compiler makes one load of it.
  template <std::size_t kCount>
  std::uint64_t little() {
    const View taken = take(kCount);
    std::uint64_t value = 0;
    if (taken.empty()) return value;
    for (std::size_t i = 0; i < kCount; ++i) value |= std::uint64_t{taken[i]} << (8 * i);
    return value;
  }
  template <std::size_t kCount>
  std::uint64_t big() {
    const View taken = take(kCount);
    std::uint64_t value = 0;
    if (taken.empty()) return value;
    for (std::size_t i = 0; i < kCount; ++i) value = value << 8 | taken[i];
    return value;
  }

  View bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class Writer {
 public:
  Writer() = default;
  explicit Writer(std::size_t expected) { bytes_.reserve(expected); }

  Writer& u8(unsigned value) { return little(value, 1); }
  Writer& u16le(unsigned value) { return little(value, 2); }
  Writer& u24le(unsigned value) { return little(value, 3); }
  Writer& u32le(std::uint32_t value) { return little(value, 4); }
  Writer& u16be(unsigned value) { return u8(value >> 8 & 0xff).u8(value & 0xff); }
  Writer& u32be(std::uint32_t value) { return u16be(value >> 16).u16be(value & 0xffff); }
  Writer& raw(View bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Writer& text(std::string_view text) { return raw(as_bytes(text)); }
  Writer& text_nul(std::string_view value) { return text(value).u8(0); }
  Writer& zeros(std::size_t count) {
    bytes_.insert(bytes_.end(), count, std::uint8_t{0});
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  Bytes take() { return std::move(bytes_); }

 private:
  Writer& little(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xff));
    return *this;
  }
  Bytes bytes_;
};

}  // namespace plumb::wire
