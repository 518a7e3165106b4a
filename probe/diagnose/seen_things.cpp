#include "probe/diagnose/seen_things.hpp"

#include <functional>

namespace plumb {
namespace {

constexpr std::uint64_t kBits = std::uint64_t{1} << 24U;
constexpr int kMarks = 8;

// The bit of each mark, from two halves of one hash (Kirsch and Mitzenmacher, 2006).
std::uint64_t bit_of(std::uint64_t hash, int mark) {
  const std::uint64_t step = (hash * 0x9e3779b97f4a7c15U >> 32U) | 1U;
  return (hash + static_cast<std::uint64_t>(mark) * step) % kBits;
}

void set(std::vector<std::uint64_t>& bits, std::uint64_t hash) {
  for (int mark = 0; mark < kMarks; ++mark) {
    const std::uint64_t bit = bit_of(hash, mark);
    bits[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
}

}  // namespace

std::uint64_t SeenThings::hash(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

void SeenThings::add(std::uint64_t hash) {
  if (bits_.empty()) {
    exact_.insert(hash);
    if (exact_.size() <= kExact) return;
    bits_.resize(kBits / 64);
    for (const std::uint64_t each : exact_) set(bits_, each);
    exact_ = {};
  } else {
    set(bits_, hash);
  }
}

bool SeenThings::contains(std::uint64_t hash) const {
  if (bits_.empty()) return exact_.contains(hash);
  for (int mark = 0; mark < kMarks; ++mark) {
    const std::uint64_t bit = bit_of(hash, mark);
    if (!(bits_[bit / 64] >> bit % 64 & 1U)) return false;
  }
  return true;
}

}  // namespace plumb
