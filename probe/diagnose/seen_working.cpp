#include "probe/diagnose/seen_working.hpp"

#include <algorithm>
#include <functional>

namespace plumb {
namespace {

constexpr std::size_t kFewest = 4096;  // unsorted ones that are worth sorting

std::uint64_t hash_of(unsigned kind, std::string_view value) {
  // Golden ratio, so that the kinds differ in every bit that std::hash has.
  return std::hash<std::string_view>{}(value) ^ (std::uint64_t{kind} + 1) * 0x9e3779b97f4a7c15U;
}

}  // namespace

void SeenWorking::add(unsigned kind, std::string_view value) {
  if (hashes_.size() - settled_ >= std::max(kFewest, settled_)) settle();
  hashes_.push_back(hash_of(kind, value));
}

void SeenWorking::settle() {
  std::ranges::sort(hashes_);
  const auto repeated = std::ranges::unique(hashes_);
  hashes_.erase(repeated.begin(), repeated.end());
  settled_ = hashes_.size();
}

bool SeenWorking::contains(unsigned kind, std::string_view value) const {
  return std::ranges::binary_search(hashes_, hash_of(kind, value));
}

}  // namespace plumb
