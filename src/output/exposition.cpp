#include "src/output/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::output {
namespace {

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string series(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels)
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, escaped(value));
  return out.empty() ? out : "{" + out + "}";
}

}  // namespace

void Exposition::gauge(std::string_view name, std::string_view help, const Labels& labels,
                       double value) {
  auto family = std::find_if(families_.begin(), families_.end(),
                             [&](const Family& f) { return f.name == name; });
  if (family == families_.end()) family = families_.insert(family, Family{name, help, {}});
  std::string key = series(labels);
  const auto same = [&](const auto& sample) { return sample.first == key; };
  if (std::none_of(family->samples.begin(), family->samples.end(), same))
    family->samples.emplace_back(std::move(key), fmt::format("{}", value));
}

std::string Exposition::text() const {
  std::string out;
  for (const Family& family : families_) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", family.name, family.help);
    for (const auto& [labels, value] : family.samples)
      out += fmt::format("{}{} {}\n", family.name, labels, value);
  }
  return out;
}

}  // namespace plumb::output
