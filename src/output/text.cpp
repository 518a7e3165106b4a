// For a person at a terminal: the verdict first, then the cause in a sentence, who must act and
// what to paste, what else it could be and what decides, and last the evidence that the verdict
// refers to.
//
//   db.example.com:3306   FAILED   tls-certificate-expired
//
//     The certificate of db.example.com expired 3 days ago. (evidence 5)
//
// Commands stand alone on their lines, unbroken, so that they can be pasted.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/diagnose/ruled_out.hpp"
#include "src/output/columns.hpp"
#include "src/output/renderer.hpp"
#include "src/output/report_view.hpp"
#include "src/output/summary_text.hpp"
#include "src/output/text_evidence.hpp"

namespace plumb::output {
namespace {

// A silent SYN has a score of explanations; whoever reads on a screen needs the first few.
constexpr int kShownRivals = 4;

// Paragraphs with an indent, wrapped to the width.
class Page {
 public:
  explicit Page(const RenderOptions& options) : width_(static_cast<std::size_t>(options.width)) {}

  void line(std::string_view text) { out_.append(text).append("\n"); }
  void blank() { out_ += "\n"; }
  void paragraph(std::size_t indent, std::string_view text, std::string_view bullet = "") {
    const std::string blanks(indent, ' ');
    const std::size_t room =
        width_ > indent + bullet.size() + 20 ? width_ - indent - bullet.size() : 20;
    std::string lead(bullet);
    for (const std::string& part : wrap(screen(text), room)) {
      line(blanks + lead + part);
      lead.assign(bullet.size(), ' ');
    }
  }
  void command(std::string_view text) {
    blank();
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      line("    " + screen(text.substr(at, end - at)));
      at = end + 1;
    }
    blank();
  }
  // At most one blank line in a row, none at the end.
  std::string finish() {
    for (std::size_t at; (at = out_.find("\n\n\n")) != std::string::npos;) out_.erase(at, 1);
    while (out_.ends_with("\n\n")) out_.pop_back();
    return std::move(out_);
  }

 private:
  std::size_t width_;
  std::string out_;
};

std::string painted(Outcome outcome, bool color) {
  static constexpr std::string_view kColors[] = {"\x1b[1;32m", "\x1b[1;33m", "\x1b[1;31m",
                                                 "\x1b[1;35m"};
  const std::string word(verdict_word(outcome));
  return color ? std::string(kColors[static_cast<std::size_t>(outcome)]) + word + "\x1b[0m" : word;
}

std::string verdict_line(const Report& report, const RenderOptions& options) {
  const Ranked parts = ranked(report.diagnosis);
  const Outcome outcome = report.diagnosis.outcome;
  const std::string name = screen(target_name(report.about));
  const std::string id = parts.root ? "   " + screen(parts.root->id) : "";
  const bool fits = display_width(name) + 3 + verdict_word(outcome).size() + display_width(id) <=
                    static_cast<std::size_t>(options.width);
  // A long name keeps its line, so that it can be copied.
  return name + (fits ? "   " : "\n  ") + painted(outcome, options.color) + id;
}

// Name, verdict, cause and the sentence, of which a screen gets what fits.
std::string one_line(const Report& report, const RenderOptions& options) {
  constexpr std::size_t kLeast = 16;  // less of a sentence tells nothing
  const Ranked parts = ranked(report.diagnosis);
  const Outcome outcome = report.diagnosis.outcome;
  const std::string name = screen(target_name(report.about)) + "   ";
  const std::string id = parts.root ? "   " + screen(parts.root->id) : "";
  const std::size_t used =
      display_width(name) + verdict_word(outcome).size() + display_width(id) + 3;
  std::string sentence = screen(headline(report));
  if (const auto width = static_cast<std::size_t>(options.line_width); width > 0)
    sentence = used + kLeast > width ? std::string() : cut(sentence, width - used);
  return name + painted(outcome, options.color) + id + (sentence.empty() ? "" : "   ") + sentence +
         "\n";
}

void remedies(Page& page, const Finding& finding) {
  const bool many = finding.remedy.size() > 1;
  int n = 0;
  for (const Remedy& remedy : finding.remedy) {
    ++n;
    page.paragraph(2, remedy.text, many ? fmt::format("{}. ", n) : "");
    if (!remedy.command.empty()) page.command(remedy.command);
  }
}

void deciding(Page& page, const Finding& finding, std::size_t indent, std::string_view label) {
  for (const std::string& text : finding.decide_by)
    page.paragraph(indent, fmt::format("{} {}", label, text));
}

// The summary, and in brackets how sure it is and which rows of the table prove it.
std::string with_proof(const Finding& finding, std::string_view sure) {
  std::string brackets(sure);
  if (!finding.evidence.empty())
    brackets += fmt::format("{}evidence {}", sure.empty() ? "" : "; ", numbers(finding.evidence));
  return brackets.empty() ? finding.summary : fmt::format("{} ({})", finding.summary, brackets);
}

void root_cause(Page& page, const Finding& root) {
  page.paragraph(
      2,
      with_proof(root, root.confidence == Confidence::certain ? "" : to_string(root.confidence)));
  page.blank();
  page.paragraph(2, fmt::format("Who must act: {}", to_string(root.owner)));
  remedies(page, root);
  page.blank();
  deciding(page, root, 2, "To be certain:");
}

void candidates(Page& page, const Ranked& parts, const RenderOptions& options) {
  if (parts.rivals.empty()) return;
  page.blank();
  page.line("  Or, ranked:");
  int n = 1;
  for (const Finding* rival : parts.rivals) {
    if (n > kShownRivals && !options.explain) break;
    page.paragraph(2,
                   fmt::format("{} ({}, {})", rival->id, to_string(rival->owner),
                               to_string(rival->confidence)),
                   fmt::format("{}. ", ++n));
    deciding(page, *rival, 5, "decided by:");
    if (!options.explain) continue;
    page.paragraph(5, rival->summary);
    remedies(page, *rival);
  }
  const std::size_t left = parts.rivals.size() + 1 - static_cast<std::size_t>(n);
  if (left > 0)
    page.paragraph(2, fmt::format("and {} more possible cause{}: --explain lists them", left,
                                  left == 1 ? "" : "s"));
}

// What is only worth knowing keeps nobody from anything: a sentence each, unless more is asked for.
void independent(Page& page, const Ranked& parts, const RenderOptions& options) {
  if (parts.others.empty()) return;
  bool shortened = false;
  page.blank();
  page.line(parts.root ? "  Also found:" : "  Worth knowing:");
  for (const Finding* finding : parts.others) {
    page.blank();
    page.paragraph(2, fmt::format("{}   {} ({}, {})", to_string(finding->severity), finding->id,
                                  to_string(finding->owner), to_string(finding->confidence)));
    page.paragraph(2, with_proof(*finding, ""));
    if (finding->severity == Severity::info && !options.explain) {
      shortened = true;
      continue;
    }
    remedies(page, *finding);
    deciding(page, *finding, 2, "To be certain:");
  }
  if (!shortened) return;
  page.blank();
  page.line("  --explain says what to do about an info.");
}

void why_not_others(Page& page, const Report& report) {
  const std::vector<RuledOut> others = ruled_out(report);
  if (others.empty()) return;
  page.blank();
  page.line("  Ruled out:");
  for (const RuledOut& cause : others)
    page.paragraph(2, fmt::format("{}: {}", cause.id, cause.reason()), "- ");
}

std::string each(const Report& report, const RenderOptions& options) {
  if (options.quiet && !shown_when_quiet(report, options.fail_on)) return {};
  const bool well = report.diagnosis.outcome == Outcome::ok;
  if (options.quiet || (options.many && well && !options.explain)) return one_line(report, options);
  Page page(options);
  page.line(verdict_line(report, options));
  const Ranked parts = ranked(report.diagnosis);
  page.blank();
  if (parts.root)
    root_cause(page, *parts.root);
  else
    page.paragraph(2, headline(report));
  candidates(page, parts, options);
  independent(page, parts, options);
  for (const std::string& remark : report.remarks) {
    page.blank();
    page.paragraph(2, "Note: " + remark);
  }
  page.blank();
  page.line(evidence_table(report.about.evidence, static_cast<std::size_t>(options.width),
                           options.explain));
  if (options.explain) why_not_others(page, report);
  return page.finish() + "\n";
}

std::string top(const Summary& summary, const RenderOptions& options) {
  return shared_text(summary, static_cast<std::size_t>(options.width));
}

std::string all_of_it(const Summary& summary, const RenderOptions& options) {
  const auto width = static_cast<std::size_t>(options.width);
  return (options.many || options.quiet ? shared_text(summary, width) : "") +
         (summary.targets > kFewTargets ? causes_text(summary, width) : "") + counts_text(summary);
}

std::string end(const Summary& summary, const RenderOptions& options) {
  if ((summary.targets < 2 && !summary.not_probed) || options.quiet) return {};
  return (options.many ? "\n" : "") + all_of_it(summary, options);
}

// Whoever asks for the failing ones alone counts the lines of stdout.
std::string aside(const Summary& summary, const RenderOptions& options) {
  const bool worth_it = summary.not_probed || (summary.targets > kFewTargets && exit_code(summary));
  return options.quiet && worth_it ? all_of_it(summary, options) : "";
}

}  // namespace

extern const Renderer kText;
const Renderer kText{.name = "text",
                     .what = "for people, 80 columns",
                     .each = each,
                     .end = end,
                     .top = top,
                     .aside = aside};

}  // namespace plumb::output
