#include "src/target_entry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "probe/model/printable.hpp"
#include "src/simple_yaml.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

constexpr std::size_t kMostLabels = 32, kLongestLabel = 256, kLongestText = 4096;
// The series of a target have these of their own (design.md §2.6).
constexpr std::array<std::string_view, 8> kTaken{"target", "profile", "purpose", "phase",
                                                 "reason", "version", "flavor",  "auth_plugin"};

// What one key sets, of its text. Returns the words of the error; empty: done.
using Setter = std::string (*)(std::string_view name, std::string text, TargetEntry& into);
struct TextKey {
  std::string_view name;
  Setter set;
};

template <std::string OwnOptions::*into, bool is_path = false>
std::string set_own(std::string_view name, std::string text, TargetEntry& entry) {
  if (text.empty()) return fmt::format("{} is empty: leave it out", name);
  if (text.size() > kLongestText || text.find('\0') != text.npos)
    return fmt::format("{} is too long, or holds a NUL byte", name);
  if (!is_path && text != printable(text, kLongestText))
    return fmt::format("{} holds bytes that no terminal should get", name);
  entry.own.*into = std::move(text);
  return {};
}

std::string set_target(std::string_view, std::string text, TargetEntry& entry) {
  ParsedTarget parsed = parse_target(text);
  if (!parsed.target) return std::move(parsed.error.message);
  parsed.target->labels = std::move(entry.target.labels);
  entry.target = *std::move(parsed.target);
  return {};
}

std::string set_purpose(std::string_view, std::string text, TargetEntry& entry) {
  entry.own.purpose = from_string<Purpose>(text);
  return entry.own.purpose ? "" : "expected connect, dms-source, dms-target or replication-source";
}

std::string set_connect_to(std::string_view, std::string text, TargetEntry& entry) {
  entry.own.connect_to = Address::parse(text);
  return entry.own.connect_to ? "" : "expected an IP address";
}

constexpr std::array<TextKey, 8> kTextKeys{
    {{"target", set_target},
     {"profile", set_own<&OwnOptions::profile>},
     {"purpose", set_purpose},
     {"connect_to", set_connect_to},
     {"server_name", set_own<&OwnOptions::server_name>},
     {"ca", set_own<&OwnOptions::ca, true>},
     {"user", set_own<&OwnOptions::user>},
     {"password_file", set_own<&OwnOptions::password_file, true>}}};

const TextKey* text_key(std::string_view name) {
  const auto* const known = std::ranges::find(kTextKeys, name, &TextKey::name);
  return known == kTextKeys.end() ? nullptr : known;
}

void read_labels(const YAML::Node& labels, Target& into) {
  if (!labels.IsMap()) yaml::fail(labels, "labels must be a map of texts");
  for (const auto& label : labels) {
    const std::string name = yaml::text_of(label.first), value = yaml::text_of(label.second);
    if (!may_be_label(name))
      yaml::fail(label.first,
                 "a label's name is letters, digits and _, begins with no digit, and is none of " +
                     fmt::format("{}", fmt::join(kTaken, ", ")));
    if (value.size() > kLongestLabel || value != printable(value, kLongestLabel))
      yaml::fail(label.second, "a label's value is at most 256 printable bytes");
    if (!into.labels.emplace(name, value).second)
      yaml::fail(label.first, fmt::format("a second label {}", name));
  }
  if (into.labels.size() > kMostLabels) yaml::fail(labels, "more than 32 labels");
}

void set(const TextKey& key, const YAML::Node& value, TargetEntry& into) {
  const std::string error = key.set(key.name, yaml::text_of(value), into);
  if (!error.empty()) yaml::fail(value, error);
}

void read_pair(const YAML::Node& key, const YAML::Node& value, TargetEntry& into) {
  const std::string name = yaml::text_of(key);
  if (const TextKey* const known = text_key(name))
    set(*known, value, into);
  else if (name == "labels")
    read_labels(value, into.target);
  else
    yaml::fail(key, "unknown key '" + name + "'");
}

TargetEntry read_entry(const YAML::Node& node) {
  TargetEntry entry;
  if (node.IsScalar()) {
    set(*text_key("target"), node, entry);
    return entry;
  }
  if (!node.IsMap()) yaml::fail(node, "expected a target, or a map with one");
  std::vector<std::string_view> keys;
  for (const auto& pair : node) {
    read_pair(pair.first, pair.second, entry);
    if (std::ranges::find(keys, pair.first.Scalar()) != keys.end())
      yaml::fail(pair.first, "a second " + pair.first.Scalar());
    keys.push_back(pair.first.Scalar());
  }
  if (std::ranges::find(keys, "target") == keys.end()) yaml::fail(node, "it has no target");
  return entry;
}

// Nothing also where something is wrong: then the YAML parser knows the place.
std::optional<TargetEntry> read_simple(std::string_view text) {
  const auto pairs = simple_pairs(text);
  if (!pairs) return std::nullopt;
  std::optional<TargetEntry> entry(std::in_place);
  std::array<bool, kTextKeys.size()> seen{};
  for (const auto& [name, value] : *pairs) {
    const TextKey* const key = text_key(name);
    if (!key || std::exchange(seen[static_cast<std::size_t>(key - kTextKeys.begin())], true) ||
        !key->set(name, std::string(value), *entry).empty())
      return std::nullopt;
  }
  return seen.front() ? std::move(entry) : std::nullopt;  // the first of them is the target
}

ParsedEntry failed(std::string error, std::size_t line) {
  return {std::nullopt, std::move(error), line};
}

}  // namespace

bool may_be_label(std::string_view name) {
  const auto fits = [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); };
  return !name.empty() && name.size() <= kLongestLabel && std::ranges::all_of(name, fits) &&
         !std::isdigit(static_cast<unsigned char>(name.front())) && !name.starts_with("__") &&
         std::ranges::find(kTaken, name) == kTaken.end();
}

ParsedEntry parse_target_entry(std::string_view text, bool is_yaml) {
  if (!is_yaml) {
    ParsedTarget parsed = parse_target(text);
    if (!parsed.target) return failed(std::move(parsed.error.message), 0);
    return {TargetEntry{*std::move(parsed.target), {}}, {}, 0};
  }
  if (auto simple = read_simple(text)) return {std::move(simple), {}, 0};
  try {
    const YAML::Node list = YAML::Load(std::string(text));
    if (!list.IsSequence() || list.size() != 1) return failed("expected one target", 0);
    return {read_entry(list[0]), {}, 0};
  } catch (const YAML::Exception& error) {
    const bool somewhere = !error.mark.is_null() && error.mark.line > 0;
    return failed(printable(error.msg), somewhere ? static_cast<std::size_t>(error.mark.line) : 0);
  }
}

}  // namespace plumb
