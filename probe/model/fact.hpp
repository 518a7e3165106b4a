// Facts: what one observation learnt, as typed keys with values.
//
// A key is declared once (`inline constexpr Key<std::int64_t> tcp_mss{"tcp.mss", "bytes", …}`); its
// name is the JSON key and its unit stands in the schema. Reading through the key is type-safe,
// iterating over all facts is open: renderers and `replay` know no single key. A handful of facts
// per observation, so a flat vector in insertion order beats a map.
//
// A diagnosis asks a healthy case thousands of times for facts that are not there. So each name has
// one bit of 64, known when the key is compiled, and Facts keep the bits of all names they hold:
// what is absent is mostly told by the bit alone. A bit that is set proves nothing.
//
// An observation passes through many hands on its way into a report, and the engine's memory keeps
// it: copies share what they hold until one of them is changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "probe/model/copy_on_write.hpp"

namespace plumb {

class Facts;
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>,
                           std::vector<Facts>>;

// One bit, by FNV-1a of the name.
constexpr std::uint64_t bit_of_name(std::string_view name) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return std::uint64_t{1} << (hash >> 58);
}

struct KeyInfo {
  std::string_view name;  // OpenTelemetry's word where it has one, else <check>.<noun>; a constant
  std::string_view unit;  // "ms", "s", "bytes", "" for none
  std::string_view what;  // one line for the schema and the documentation
  std::uint64_t bit = bit_of_name(name);
};

template <class T>
struct Key : KeyInfo {
  using type = T;
  constexpr Key(std::string_view name_, std::string_view unit_, std::string_view what_)
      : KeyInfo{name_, unit_, what_} {}
  Key(const Key&) = delete;  // Facts point at it: it is a constant of the program
  Key& operator=(const Key&) = delete;
};

// A key's own name, which is a constant and only pointed at; or one that was read from a file, kept
// by all copies together.
class FactName {
 public:
  explicit FactName(const KeyInfo& key)
      : name_(std::shared_ptr<void>(), &key.name), bit_(key.bit) {}
  explicit FactName(std::string read) : bit_(bit_of_name(read)) {
    struct Read {
      std::string text;
      std::string_view name;
    };
    const auto kept = std::make_shared<Read>(Read{std::move(read), {}});
    kept->name = kept->text;
    name_ = {kept, &kept->name};
  }

  operator std::string_view() const { return *name_; }
  bool operator==(std::string_view other) const { return *name_ == other; }
  // Mostly it is another bit, or the key's own constant: told without looking at the letters.
  bool operator==(const FactName& other) const {
    return bit_ == other.bit_ && (name_ == other.name_ || *name_ == *other.name_);
  }
  bool is(const KeyInfo& key) const {
    return bit_ == key.bit && (name_.get() == &key.name || *name_ == key.name);
  }
  std::uint64_t bit() const { return bit_; }

 private:
  std::shared_ptr<const std::string_view> name_;  // of a constant: without an owner
  std::uint64_t bit_;
};

class Facts {
 public:
  using Item = std::pair<FactName, Value>;

  template <class T>
  void set(const Key<T>& key, T value) {
    put(FactName(key), std::move(value));
  }
  template <class T>
  void set(Key<T>&& key, T value) = delete;  // would be pointed at when it is gone
  // nullptr when absent or of another type (a file written by another version).
  template <class T>
  const T* get(const Key<T>& key) const {
    const Value* value = find(key);
    return value ? std::get_if<T>(value) : nullptr;
  }
  template <class T>
  bool has(const Key<T>& key) const {
    return get(key) != nullptr;
  }
  template <class T>
  T get_or(const Key<T>& key, T otherwise) const {
    const T* value = get(key);
    return value ? *value : std::move(otherwise);
  }
  // By a name that no key declares.
  void set_raw(std::string_view name, Value value);
  const Value* find(const KeyInfo& key) const {
    const Held* held = held_.get();
    return held && (held->names & key.bit) != 0 ? held->find(key) : nullptr;
  }
  void merge(const Facts& other);  // other's values win
  void shrink();  // takes no more room than they need: they will be kept for a while

  bool empty() const { return items().empty(); }
  auto begin() const { return items().begin(); }
  auto end() const { return items().end(); }
  bool operator==(const Facts& other) const;

 private:
  struct Held {
    std::uint64_t names = 0;  // the bits of all names
    std::vector<Item> items;
    const Value* find(const KeyInfo& key) const;
    Value* find(const FactName& name);
  };
  static constexpr std::size_t kUsual = 10;  // most observations hold as many, or fewer

  std::span<const Item> items() const {
    const Held* held = held_.get();
    return held ? std::span<const Item>(held->items) : std::span<const Item>();
  }
  // Made where it stays: a fact is small, and moving it there would cost as much again.
  template <class T>
  void put(FactName name, T&& value) {
    Held& held = held_.own();
    if (held.items.empty()) held.items.reserve(kUsual);
    if (Value* old = held.find(name)) {
      *old = std::forward<T>(value);
      return;
    }
    held.names |= name.bit();
    held.items.emplace_back(std::move(name), std::forward<T>(value));
  }

  CopyOnWrite<Held> held_;
};

}  // namespace plumb
