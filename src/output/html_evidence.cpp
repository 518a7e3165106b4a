#include "src/output/html_evidence.hpp"

#include <fmt/format.h>

#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "src/output/markup.hpp"
#include "src/output/report_view.hpp"

namespace plumb::output {
namespace {

std::string fact_list(const Facts& facts);

std::string fact_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using T = std::decay_t<decltype(held)>;
        std::string out;
        if constexpr (std::is_same_v<T, std::vector<Facts>>) {
          for (const Facts& row : held) out += element("li", fact_list(row));
          return element("ol", out);
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          for (const std::string& text : held) out += (out.empty() ? "" : "<br>") + html(text);
          return out;
        } else if constexpr (std::is_same_v<T, bool>) {
          return held ? "yes" : "no";
        } else if constexpr (std::is_same_v<T, double>) {
          return fmt::format("{:.3f}", held);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return html(held);
        } else {
          return fmt::format("{}", held);
        }
      },
      value);
}

std::string fact_list(const Facts& facts) {
  std::string out;
  for (const auto& [name, value] : facts)
    out += element("dt", html(name)) + element("dd", fact_value(value), "mono");
  return element("dl", out);
}

std::string details(const Observation& seen) {
  std::string out;
  if (!seen.raw.empty())
    out += element("p", "In its own words: " + element("code", html(seen.raw)));
  if (!seen.facts.empty()) out += fact_list(seen.facts);
  const std::string label = fmt::format("<summary>facts of step {}</summary>", seen.n);
  return out.empty() ? out : element("details", label + out);
}

std::string row(const Observation& seen) {
  const std::string cells = element("td", fmt::format("{}", seen.n), "n") +
                            element("td", to_string(seen.phase), "phase") +
                            element("td", html(where(seen))) +
                            element("td", html(outcome_of(seen)) + details(seen)) +
                            element("td", duration(seen.took), "took");
  return fmt::format("<tr{}>{}</tr>\n", seen.failure ? " class=\"bad\"" : "", cells);
}

}  // namespace

std::string html_evidence(const Evidence& evidence) {
  std::string rows;
  for (const Observation& seen : evidence.observations) rows += row(seen);
  return "<div class=\"wide\" role=\"region\" aria-label=\"Evidence\" "
         "tabindex=\"0\"><table><caption>Every step that was taken, in order.</caption>\n"
         "<thead><tr><th scope=\"col\">#</th><th scope=\"col\">Phase</th><th "
         "scope=\"col\">Where</th>"
         "<th scope=\"col\">Result</th><th scope=\"col\" "
         "class=\"took\">Took</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>";
}

}  // namespace plumb::output
