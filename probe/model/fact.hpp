// Facts: what one observation learnt, as typed keys with values.
//
// A key is declared once (`inline constexpr Key<std::int64_t> tcp_mss{"tcp.mss", "bytes", …}`); its
// name is the JSON key and its unit stands in the schema. Reading through the key is type-safe,
// iterating over all facts is open: renderers and `replay` know no single key. A handful of facts
// per observation, so a flat vector in insertion order beats a map.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plumb {

class Facts;
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>,
                           std::vector<Facts>>;

struct KeyInfo {
  std::string_view name;  // OpenTelemetry's word where it has one, else <check>.<noun>
  std::string_view unit;  // "ms", "s", "bytes", "" for none
  std::string_view what;  // one line for the schema and the documentation
};

template <class T>
struct Key : KeyInfo {
  using type = T;
  constexpr Key(std::string_view name_, std::string_view unit_, std::string_view what_)
      : KeyInfo{name_, unit_, what_} {}
};

class Facts {
 public:
  template <class T>
  void set(const Key<T>& key, T value) {
    set_raw(key.name, Value(std::move(value)));
  }
  // nullptr when absent or of another type (a file written by another version).
  template <class T>
  const T* get(const Key<T>& key) const {
    const Value* value = find(key.name);
    return value ? std::get_if<T>(value) : nullptr;
  }
  template <class T>
  bool has(const Key<T>& key) const {
    return get(key) != nullptr;
  }
  template <class T>
  T get_or(const Key<T>& key, T otherwise) const {
    const T* value = get(key);
    return value ? *value : otherwise;
  }
  void set_raw(std::string_view name, Value value);
  const Value* find(std::string_view name) const;
  void merge(const Facts& other);  // other's values win

  bool empty() const { return items_.empty(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  bool operator==(const Facts& other) const;

 private:
  std::vector<std::pair<std::string, Value>> items_;
};

}  // namespace plumb
