// Paragraphs are not wrapped: a number or a sign that happened to begin a line would be a list.
#include "src/output/causes_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string_view>

namespace plumb::output {
namespace {

constexpr std::string_view kHead =
    "# The causes that plumb knows\n\n"
    "Each section is what `plumb causes ID` prints. The file is written from the rows of the "
    "catalogue in `checks/` and\n`probe/diagnose/`, and a test compares the two; "
    "`PLUMB_UPDATE_GOLDEN=1 ctest --preset dev -R CausesDocument` rewrites it.\n\n"
    "`<host>`, `<port>` and their like stand for what a report fills in from its evidence, where "
    "it is known.\n";

bool in_word(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
}

std::string prose(std::string_view given) {
  const std::string text = with_placeholders(given);
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool inner = c == '_' && at > 0 && in_word(text, at - 1) && in_word(text, at + 1);
    if (std::string_view("\\`*_<[]").find(c) != std::string_view::npos && !inner) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string part(std::string_view label, std::string_view text) {
  return text.empty() ? std::string() : fmt::format("**{}.** {}\n\n", label, prose(text));
}

std::string block(std::string_view command, std::string_view indent) {
  std::string out = fmt::format("\n{}```\n", indent);
  const std::string text = with_placeholders(command);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += fmt::format("{}{}\n", indent, std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return out + fmt::format("{}```\n\n", indent);
}

std::string remedies(const Cause& cause) {
  std::string out = fmt::format("**What to do** ({}).\n\n", to_string(cause.owner));
  int n = 0;
  for (const RemedyTemplate& step : cause.remedy) {
    const std::string number = fmt::format("{}. ", ++n);
    out += number + prose(step.text);
    if (!step.profiles.empty()) out += fmt::format(" *(profiles {}…)*", prose(step.profiles));
    out += "\n";
    if (!step.command.empty()) out += block(step.command, std::string(number.size(), ' '));
  }
  return out.ends_with("\n\n") ? out : out + "\n";
}

std::string section(const Cause& cause) {
  return fmt::format("### {}\n\n{}. *{}, {}; {} must act.*\n\n", cause.id, prose(cause.title),
                     to_string(cause.layer), to_string(cause.severity), to_string(cause.owner)) +
         part("How it shows", cause.shows_as) + part("What looks like it", cause.look_alikes) +
         part("What decides", cause.decide_by) + remedies(cause) + part("Source", cause.source);
}

}  // namespace

std::string causes_markdown(Causes causes) {
  std::string contents = "\n## Contents\n", sections;
  for (const std::string_view layer : Names<Layer>::list) {
    std::string lines, texts;
    for (const Cause* cause : causes) {
      if (to_string(cause->layer) != layer) continue;
      lines += fmt::format("  - [{0}](#{0}): {1}\n", cause->id, prose(cause->title));
      texts += section(*cause);
    }
    if (lines.empty()) continue;
    contents += fmt::format("\n- [{0}](#{0})\n{1}", layer, lines);
    sections += fmt::format("\n## {}\n\n{}", layer, texts);
    sections.pop_back();
  }
  return std::string(kHead) + contents + sections;
}

}  // namespace plumb::output
