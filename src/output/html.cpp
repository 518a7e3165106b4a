// One file to attach to a ticket: no script, no external resource, readable in light and dark, on a
// phone, on paper and by a screen reader. A failed step is told by its words, never by colour
// alone.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "probe/diagnose/ruled_out.hpp"
#include "src/output/columns.hpp"
#include "src/output/html_evidence.hpp"
#include "src/output/html_style.hpp"
#include "src/output/markup.hpp"
#include "src/output/renderer.hpp"
#include "src/output/report_view.hpp"
#include "src/output/shared_view.hpp"
#include "src/output/timestamp.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kShownTargets = 50;

std::string remedies(const Finding& finding) {
  std::string out;
  for (const Remedy& remedy : finding.remedy) {
    std::string step = html(remedy.text);
    // A command's own line breaks stay; everything else is escaped.
    std::string command;
    for (std::size_t at = 0; !remedy.command.empty() && at <= remedy.command.size();) {
      const std::size_t end = std::min(remedy.command.find('\n', at), remedy.command.size());
      command += (at ? "\n" : "") + html(std::string_view(remedy.command).substr(at, end - at));
      at = end + 1;
    }
    if (!command.empty()) step += "<pre><code>" + command + "</code></pre>";
    out += element("li", step);
  }
  return out.empty() ? out : element(finding.remedy.size() > 1 ? "ol" : "ul", out);
}

std::string decided(const Finding& finding) {
  std::string out;
  for (const std::string& text : finding.decide_by)
    out += element("p", element("strong", "What decides:") + " " + html(text));
  return out;
}

// Headings follow one another without a gap, in a page of one target as in one of many.
struct Headings {
  std::string_view target, section, finding;
};
constexpr Headings kOne{"h1", "h2", "h3"}, kMany{"h2", "h3", "h4"};

std::string section(const Headings& headings, std::string_view title, std::string_view content) {
  return content.empty() ? std::string()
                         : "<section>\n" + element(headings.section, title, "part") +
                               fmt::format("\n{}</section>\n", content);
}

std::string finding_block(const Headings& headings, const Finding& finding) {
  const std::string about = fmt::format("{}, {}, to be mended by {}", to_string(finding.severity),
                                        to_string(finding.confidence), to_string(finding.owner));
  return element("div",
                 element(headings.finding, element("code", html(finding.id)), "id") +
                     element("p", html(about), "soft") + element("p", html(finding.summary)) +
                     remedies(finding) + decided(finding),
                 "finding");
}

std::string blocks(const Headings& headings, const std::vector<const Finding*>& findings) {
  std::string out;
  for (const Finding* finding : findings) out += finding_block(headings, *finding);
  return out;
}

std::string what_to_do(const Finding& root) {
  return element("p", "Who must act: " + element("strong", to_string(root.owner))) +
         remedies(root) + decided(root);
}

std::string why_not_others(const Report& report) {
  std::string out;
  for (const RuledOut& cause : ruled_out(report))
    out += element("li", element("code", html(cause.id)) + ": " + html(cause.reason()));
  return out.empty() ? out : element("ul", out);
}

std::string header(const Report& report, const Ranked& parts, const Headings& headings) {
  std::string verdict = element("span", verdict_word(report.diagnosis.outcome), "word");
  if (parts.root) {
    verdict += element("code", html(parts.root->id));
    const std::string proof =
        parts.root->evidence.empty() ? "" : "; evidence: step " + numbers(parts.root->evidence);
    verdict +=
        element("span", fmt::format("{}{}", to_string(parts.root->confidence), proof), "soft");
  }
  const Case& about = report.about;
  const std::string run =
      fmt::format("{}, took {}; profile {}, purpose {}, TLS policy {}", timestamp(about.started),
                  duration(about.took), about.profile->name, to_string(about.purpose),
                  to_string(about.policy.tls));
  return element("header", element("div", verdict, "verdict") +
                               element(headings.target, html(target_name(about)), "name") +
                               element("p", html(headline(report)), "headline") +
                               element("p", html(run), "soft")) +
         "\n";
}

std::string article(const Report& report, const RenderOptions& options, const Headings& headings) {
  const Ranked parts = ranked(report.diagnosis);
  std::string out = header(report, parts, headings);
  if (parts.root) out += section(headings, "What to do", what_to_do(*parts.root));
  out += section(headings, "Or, in this order of likelihood", blocks(headings, parts.rivals));
  out += section(headings, parts.root ? "Also found" : "Worth knowing",
                 blocks(headings, parts.others));
  std::string notes;
  for (const std::string& remark : report.remarks) notes += element("p", html(remark));
  out += section(headings, "Note", notes);
  out += section(headings, "Evidence", html_evidence(report.about.evidence));
  if (options.explain) out += section(headings, "Ruled out", why_not_others(report));
  return fmt::format("<article class=\"report {}\">\n{}</article>\n",
                     to_string(report.diagnosis.outcome), out);
}

std::string in_all(const std::vector<SharedFault>& faults) {
  std::string out;
  for (const SharedFault& fault : faults)
    out += element("li", html(shared_sentence(fault)) +
                             element("p", html(shared_targets(fault, kShownTargets)), "soft"));
  return out.empty() ? out : element("h2", "In common") + element("ul", out) + "\n";
}

std::string overview(const Summary& summary) {
  std::string counts;
  for (const Outcome outcome : {Outcome::failed, Outcome::unknown, Outcome::degraded, Outcome::ok})
    counts +=
        fmt::format("{}{} {}", counts.empty() ? "" : ", ", summary.of(outcome), to_string(outcome));
  if (summary.not_probed)
    counts += fmt::format("; ended early, {} more not probed", *summary.not_probed);
  return element("h1", fmt::format("{} targets", summary.targets), "name") + element("p", counts) +
         in_all(summary.shared.list());
}

std::string whole(std::span<const Report> reports, const Summary& summary,
                  const RenderOptions& options) {
  const bool one = reports.size() == 1 && !summary.not_probed;
  const std::string title = one ? fmt::format("{} {}", html(target_name(reports[0].about)),
                                              verdict_word(reports[0].diagnosis.outcome))
                                : fmt::format("{} targets", reports.size());
  std::string body = one ? "" : overview(summary);
  for (const Report& report : reports) body += article(report, options, one ? kOne : kMany);
  const std::string version = reports.empty() ? "" : html(reports[0].about.tool_version);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<title>plumb: {}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}<footer>plumb "
      "{}</footer>\n</main>\n</body>\n</html>\n",
      title, kHtmlStyle, body, version);
}

}  // namespace

extern const Renderer kHtml;
const Renderer kHtml{
    .name = "html", .what = "one self-contained page, to attach to a ticket", .whole = whole};

}  // namespace plumb::output
