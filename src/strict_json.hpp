// Strict reading of JSON that nobody vouches for: what is missing, unknown, of the wrong type or out
// of bounds is a Wrong, whose sentence a person can act on. Texts are bounded and made printable.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "probe/model/observation.hpp"
#include "probe/model/printable.hpp"
#include "probe/model/vocabulary.hpp"
#include "src/output/facts_json.hpp"

namespace plumb::strict {

using output::Json;

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void check_keys(const Json& json, std::string_view what,
                std::initializer_list<std::string_view> known);
const Json& required(const Json& json, const char* key);
std::string as_text(const Json& json, std::string_view key);
std::string text(const Json& json, const char* key);
std::string optional_text(const Json& json, const char* key);
int integer(const Json& json, const char* key, int least, int most);
bool flag(const Json& json, const char* key);
Micros milliseconds(const Json& json, const char* key);

template <class E>
E word(const Json& json, const char* key) {
  const std::string name = text(json, key);
  const auto value = from_string<E>(name);
  if (!value) throw Wrong(fmt::format("'{}' is no {}", printable(name, 60), key));
  return *value;
}

}  // namespace plumb::strict
