#include "src/output/markup.hpp"

#include <fmt/format.h>

#include "src/output/columns.hpp"

namespace plumb::output {

std::string html(std::string_view text) {
  std::string out;
  for (const char c : screen(text)) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string element(std::string_view name, std::string_view content, std::string_view kind) {
  const std::string attribute = kind.empty() ? "" : fmt::format(" class=\"{}\"", kind);
  return fmt::format("<{0}{1}>{2}</{0}>", name, attribute, content);
}

}  // namespace plumb::output
