#include "probe/model/fact.hpp"

#include <algorithm>

namespace plumb {

void Facts::set_raw(std::string_view name, Value value) {
  put(FactName(std::string(name)), std::move(value));
}

const Value* Facts::Held::find(const KeyInfo& key) const {
  for (const auto& [known, value] : items)
    if (known.is(key)) return &value;
  return nullptr;
}

Value* Facts::Held::find(const FactName& name) {
  if ((names & name.bit()) == 0) return nullptr;
  for (auto& [known, value] : items)
    if (known == name) return &value;
  return nullptr;
}

void Facts::merge(const Facts& other) {
  if (empty()) {
    *this = other;
    return;
  }
  for (const auto& [name, value] : other) put(name, value);
}

void Facts::shrink() {
  if (!empty()) held_.own().items.shrink_to_fit();
}

bool Facts::operator==(const Facts& other) const {
  return std::ranges::equal(items(), other.items());
}

}  // namespace plumb
