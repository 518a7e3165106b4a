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
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

constexpr std::size_t kMostLabels = 32, kLongestLabel = 256, kLongestText = 4096;
// The series of a target have these of their own (design.md §2.6).
constexpr std::array<std::string_view, 8> kTaken{"target", "profile", "purpose", "phase",
                                                 "reason", "version", "flavor",  "auth_plugin"};

struct TextKey {
  std::string_view name;
  std::string OwnOptions::*into;
  bool is_path;
};
constexpr std::array<TextKey, 5> kTextKeys{{{"profile", &OwnOptions::profile, false},
                                            {"server_name", &OwnOptions::server_name, false},
                                            {"user", &OwnOptions::user, false},
                                            {"ca", &OwnOptions::ca, true},
                                            {"password_file", &OwnOptions::password_file, true}}};

std::string text_of(const YAML::Node& value, const TextKey& key) {
  std::string text = yaml::text_of(value);
  if (text.empty()) yaml::fail(value, fmt::format("{} is empty: leave it out", key.name));
  if (text.size() > kLongestText || text.find('\0') != text.npos)
    yaml::fail(value, fmt::format("{} is too long, or holds a NUL byte", key.name));
  if (!key.is_path && text != printable(text, kLongestText))
    yaml::fail(value, fmt::format("{} holds bytes that no terminal should get", key.name));
  return text;
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

Target target_of(const YAML::Node& scalar) {
  ParsedTarget parsed = parse_target(yaml::text_of(scalar));
  if (!parsed.target) yaml::fail(scalar, parsed.error.message);
  return *std::move(parsed.target);
}

void read_pair(const YAML::Node& key, const YAML::Node& value, TargetEntry& into) {
  const std::string name = yaml::text_of(key);
  OwnOptions& own = into.own;
  if (const auto text = std::ranges::find(kTextKeys, name, &TextKey::name);
      text != kTextKeys.end()) {
    own.*text->into = text_of(value, *text);
  } else if (name == "target") {
    auto labels = std::move(into.target.labels);
    into.target = target_of(value);
    into.target.labels = std::move(labels);
  } else if (name == "purpose") {
    own.purpose = from_string<Purpose>(yaml::text_of(value));
    if (!own.purpose)
      yaml::fail(value, "expected connect, dms-source, dms-target or replication-source");
  } else if (name == "connect_to") {
    own.connect_to = yaml::address_of(value);
  } else if (name == "labels") {
    read_labels(value, into.target);
  } else {
    yaml::fail(key, "unknown key '" + name + "'");
  }
}

TargetEntry read_entry(const YAML::Node& node) {
  TargetEntry entry;
  if (node.IsScalar()) {
    entry.target = target_of(node);
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
