// The texts of a cause are templates; without a case there is nothing to fill in, so {host} is
// shown as <host>, the placeholder that a remedy keeps where a value is not known.
#include "src/output/causes_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "src/output/columns.hpp"
#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

bool names_a_value(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string paragraph(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  for (const std::string& line : wrap(with_placeholders(text), width - indent))
    out += std::string(indent, ' ') + line + "\n";
  return out;
}

std::string section(std::string_view title, std::string_view text, std::size_t width) {
  return text.empty() ? std::string() : fmt::format("\n{}\n{}", title, paragraph(text, 2, width));
}

std::string remedies(const Cause& cause, std::size_t width) {
  std::string out = fmt::format("\nWhat to do ({})\n", to_string(cause.owner));
  int n = 0;
  for (const RemedyTemplate& remedy : cause.remedy) {
    const std::string number = cause.remedy.size() > 1 ? fmt::format("  {}. ", ++n) : "  ";
    out += hanging(number, with_placeholders(remedy.text), width);
    if (!remedy.command.empty()) out += "\n    " + with_placeholders(remedy.command) + "\n\n";
  }
  if (out.ends_with("\n\n")) out.pop_back();
  return out;
}

Json cause_to_json(const Cause& cause) {
  Json remedy = Json::array();
  for (const RemedyTemplate& step : cause.remedy) {
    remedy.push_back({{"text", with_placeholders(step.text)}});
    if (!step.command.empty()) remedy.back()["command"] = with_placeholders(step.command);
  }
  Json out{{"id", cause.id},
           {"layer", to_string(cause.layer)},
           {"severity", to_string(cause.severity)},
           {"owner", to_string(cause.owner)},
           {"title", cause.title},
           {"remedy", std::move(remedy)}};
  const auto add = [&](const char* key, std::string_view text) {
    if (!text.empty()) out[key] = with_placeholders(text);
  };
  add("shows_as", cause.shows_as);
  add("look_alikes", cause.look_alikes);
  add("decide_by", cause.decide_by);
  add("source", cause.source);
  return out;
}

}  // namespace

std::string with_placeholders(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    const std::string_view name =
        end == std::string_view::npos ? "" : text.substr(at + 1, end - at - 1);
    if (names_a_value(name)) {
      out.append("<").append(name).append(">");
      at = end + 1;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string causes_list(Causes causes, int width) {
  std::string out;
  for (const Cause* cause : causes) {
    out += fmt::format("{:<46}  {:<8}  {}\n", cause->id, to_string(cause->layer),
                       to_string(cause->owner));
    out += paragraph(cause->title, 4, static_cast<std::size_t>(width));
  }
  return out;
}

std::string cause_page(const Cause& cause, int width) {
  const auto columns = static_cast<std::size_t>(width);
  std::string out =
      fmt::format("{}   {}, {}\n\n", cause.id, to_string(cause.layer), to_string(cause.severity));
  out += paragraph(cause.title, 2, columns);
  out += section("How it shows", cause.shows_as, columns);
  out += section("What looks like it", cause.look_alikes, columns);
  out += section("What decides", cause.decide_by, columns);
  out += remedies(cause, columns);
  return out + section("Source", cause.source, columns);
}

std::string causes_json(Causes causes) {
  Json list = Json::array();
  for (const Cause* cause : causes) list.push_back(cause_to_json(*cause));
  return dump_pretty({{"schema", "plumb.causes/1"}, {"causes", std::move(list)}}) + "\n";
}

const Cause* find_cause(Causes causes, std::string_view id) {
  for (const Cause* cause : causes)
    if (cause->id == id) return cause;
  return nullptr;
}

std::string similar_causes(Causes causes, std::string_view id) {
  // What people remember is a word of the id, seldom its layer.
  const std::size_t dash = id.find('-');
  const std::string_view tail = dash == std::string_view::npos ? id : id.substr(dash + 1);
  std::string out;
  for (const Cause* cause : causes)
    if (!tail.empty() && cause->id.find(tail) != std::string_view::npos)
      out += fmt::format("{}\n", cause->id);
  return out;
}

}  // namespace plumb::output
