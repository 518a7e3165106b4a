#include "probe/model/fact.hpp"

namespace plumb {

void Facts::set_raw(std::string_view name, Value value) {
  for (auto& [known, old] : items_)
    if (known == name) {
      old = std::move(value);
      return;
    }
  items_.emplace_back(std::string(name), std::move(value));
}

const Value* Facts::find(std::string_view name) const {
  for (const auto& [known, value] : items_)
    if (known == name) return &value;
  return nullptr;
}

void Facts::merge(const Facts& other) {
  for (const auto& [name, value] : other.items_) set_raw(name, value);
}

bool Facts::operator==(const Facts& other) const { return items_ == other.items_; }

}  // namespace plumb
