#include "src/strict_yaml.hpp"

#include <algorithm>
#include <optional>

#include "src/cli_values.hpp"

namespace plumb::yaml {

void fail(const YAML::Node& where, const std::string& what) {
  throw YAML::Exception(where.Mark(), what);
}

void allow_keys(const YAML::Node& map, std::initializer_list<std::string_view> keys) {
  if (!map.IsMap()) fail(map, "expected a map");
  for (const auto& entry : map) {
    const std::string key = text_of(entry.first);
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      fail(entry.first, "unknown key '" + key + "'");
  }
}

std::string text_of(const YAML::Node& scalar) {
  if (!scalar.IsScalar()) fail(scalar, "expected a single value");
  return scalar.Scalar();
}

std::string text_or(const YAML::Node& map, const char* key, const std::string& otherwise) {
  const YAML::Node value = map[key];
  return value ? text_of(value) : otherwise;
}

int number_of(const YAML::Node& scalar) {
  int number = 0;
  if (!YAML::convert<int>::decode(scalar, number)) fail(scalar, "expected a whole number");
  return number;
}

bool flag_of(const YAML::Node& scalar) {
  bool flag = false;
  if (!YAML::convert<bool>::decode(scalar, flag)) fail(scalar, "expected true or false");
  return flag;
}

int number_or(const YAML::Node& map, const char* key, int otherwise) {
  const YAML::Node value = map[key];
  return value ? number_of(value) : otherwise;
}

bool flag_or(const YAML::Node& map, const char* key, bool otherwise) {
  const YAML::Node value = map[key];
  return value ? flag_of(value) : otherwise;
}

std::vector<std::string> texts(const YAML::Node& list) {
  if (!list) return {};
  if (list.IsScalar()) return {list.Scalar()};
  if (!list.IsSequence()) fail(list, "expected a list");
  std::vector<std::string> found;
  for (const auto& item : list) found.push_back(text_of(item));
  return found;
}

Address address_of(const YAML::Node& scalar) {
  const auto address = Address::parse(text_of(scalar));
  if (!address) fail(scalar, "expected an IP address");
  return *address;
}

Failure failure_of(const YAML::Node& scalar) {
  const std::string word = text_of(scalar);
  const auto failure = from_string<Failure>(word == "silent" ? "timed_out" : word);
  if (!failure) fail(scalar, "'" + word + "' is no failure of the vocabulary");
  return *failure;
}

std::chrono::milliseconds span_of(const YAML::Node& scalar) {
  const std::string word = text_of(scalar);
  const bool negative = !word.empty() && word[0] == '-';
  const auto span = parse_duration(std::string_view(word).substr(negative ? 1 : 0));
  if (!span) fail(scalar, "expected a time span such as 90d or -3d");
  return negative ? -*span : *span;
}

}  // namespace plumb::yaml
