#include "probe/model/fact.hpp"

#include <algorithm>

namespace plumb {
namespace {

constexpr std::size_t kUsual = 10;  // most observations hold as many, or fewer

}  // namespace

void Facts::put(std::uint64_t bit, FactName name, Value value) {
  Held& held = held_.own();
  if (held.items.empty()) held.items.reserve(kUsual);
  if ((held.names & bit) != 0)
    for (auto& [known, old] : held.items)
      if (known == name) {
        old = std::move(value);
        return;
      }
  held.items.emplace_back(std::move(name), std::move(value));
  held.names |= bit;
}

void Facts::set_raw(std::string_view name, Value value) {
  put(bit_of_name(name), FactName(std::string(name)), std::move(value));
}

// Mostly the name is the key's own constant, which is told without looking at its letters.
const Value* Facts::Held::find(std::string_view name) const {
  for (const auto& [known, value] : items) {
    const std::string_view text = known;
    const bool same_constant = text.data() == name.data() && text.size() == name.size();
    if (same_constant || text == name) return &value;
  }
  return nullptr;
}

void Facts::merge(const Facts& other) {
  if (empty()) {
    *this = other;
    return;
  }
  for (const auto& [name, value] : other) put(bit_of_name(name), name, value);
}

void Facts::shrink() {
  if (!empty()) held_.own().items.shrink_to_fit();
}

bool Facts::operator==(const Facts& other) const {
  return std::ranges::equal(items(), other.items());
}

}  // namespace plumb
