// Strict reading of YAML that a person wrote: every complaint is a YAML::Exception with the place in
// the file. src/strict_json.hpp is the same for JSON.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb::yaml {

[[noreturn]] void fail(const YAML::Node& where, const std::string& what);
void allow_keys(const YAML::Node& map, std::initializer_list<std::string_view> keys);
std::string text_of(const YAML::Node& scalar);
std::string text_or(const YAML::Node& map, const char* key, const std::string& otherwise);
int number_of(const YAML::Node& scalar);
bool flag_of(const YAML::Node& scalar);
int number_or(const YAML::Node& map, const char* key, int otherwise);
bool flag_or(const YAML::Node& map, const char* key, bool otherwise);
std::vector<std::string> texts(const YAML::Node& list);  // a scalar is a list of one
Address address_of(const YAML::Node& scalar);
Failure failure_of(const YAML::Node& scalar);  // our word, or "silent" for timed_out
// "-3d", "90d", "1500ms"
std::chrono::milliseconds span_of(const YAML::Node& scalar);

}  // namespace plumb::yaml
