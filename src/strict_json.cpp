#include "src/strict_json.hpp"

#include <algorithm>
#include <cmath>

namespace plumb::strict {
namespace {

constexpr std::size_t kTextLimit = 65536;
constexpr double kMostMs = 1e9;  // eleven days

}  // namespace

void check_keys(const Json& json, std::string_view what,
                std::initializer_list<std::string_view> known) {
  if (!json.is_object())
    throw Wrong(fmt::format("{} must be an object, not {}", what, json.type_name()));
  for (const auto& [key, value] : json.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw Wrong(fmt::format("{} has no member '{}'", what, printable(key, 60)));
}

const Json& required(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) throw Wrong(fmt::format("'{}' is missing", key));
  return *found;
}

std::string as_text(const Json& json, std::string_view key) {
  if (!json.is_string())
    throw Wrong(fmt::format("'{}' must be a text, not {}", key, json.type_name()));
  return printable(json.get_ref<const std::string&>(), kTextLimit);
}

std::string text(const Json& json, const char* key) { return as_text(required(json, key), key); }

std::string optional_text(const Json& json, const char* key) {
  return json.contains(key) ? text(json, key) : std::string();
}

int integer(const Json& json, const char* key, int least, int most) {
  const Json& value = required(json, key);
  // get() would wrap a number that does not fit.
  const double real = value.is_number_integer() ? value.get<double>() : NAN;
  if (!(real >= least && real <= most))
    throw Wrong(fmt::format("'{}' must be a whole number of {} to {}", key, least, most));
  return static_cast<int>(real);
}

bool flag(const Json& json, const char* key) {
  const Json& value = required(json, key);
  if (!value.is_boolean()) throw Wrong(fmt::format("'{}' must be true or false", key));
  return value.get<bool>();
}

Micros milliseconds(const Json& json, const char* key) {
  const Json& value = required(json, key);
  const double ms = value.is_number() ? value.get<double>() : NAN;
  if (!(ms >= 0 && ms <= kMostMs))
    throw Wrong(fmt::format("'{}' must be a number of milliseconds", key));
  return Micros{std::llround(ms * 1000)};
}

}  // namespace plumb::strict
