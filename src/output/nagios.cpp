// One line for a Nagios or Icinga plugin, `PLUMB STATUS - text | perfdata`, and long output below
// it, as the monitoring-plugins guidelines have it. A vertical bar would begin perfdata, so text
// holds none.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "src/output/columns.hpp"
#include "src/output/renderer.hpp"
#include "src/output/report_view.hpp"
#include "src/output/shared_view.hpp"

#include "probe/model/experiment.hpp"

namespace plumb::output {
namespace {

std::string plain(std::string_view text) {
  std::string out = screen(text);
  std::replace(out.begin(), out.end(), '|', '/');
  return out;
}

double seconds(Micros took) { return static_cast<double>(took.count()) / 1e6; }

std::string state_of(const Report& report) {
  const auto cause = report.diagnosis.cause();
  const std::string id = cause.empty() ? "" : fmt::format(" {}:", cause);
  return plain(fmt::format("{}{} {}", target_name(report.about), id, headline(report)));
}

// The whole run, and the longest step of each phase.
std::string performance(const Report& report) {
  std::string out = fmt::format("'time'={:.6f}s;;;0;{:.0f}", seconds(report.about.took),
                                seconds(report.about.budget));
  std::map<Phase, Micros> longest;
  for (const Observation& seen : experiment::first_pass(report.about.evidence))
    longest[seen.phase] = std::max(longest[seen.phase], seen.took);
  for (const auto& [phase, took] : longest)
    if (phase != Phase::local)
      out += fmt::format(" '{}'={:.6f}s;;;0", to_string(phase), seconds(took));
  return out;
}

std::string performance(const Summary& summary) {
  return fmt::format(
      "'time'={:.6f}s;;;0 'targets'={};;;0 'ok'={};;;0 'degraded'={};;;0 'failed'={};;;0 "
      "'unknown'={};;;0",
      seconds(summary.took()), summary.targets, summary.of(Outcome::ok),
      summary.of(Outcome::degraded), summary.of(Outcome::failed), summary.of(Outcome::unknown));
}

std::string long_output(const Report& report) {
  std::string out;
  for (const Finding& finding : report.diagnosis.findings) {
    out += plain(fmt::format("{} {} ({}, {}): {}", to_string(finding.severity), finding.id,
                             to_string(finding.owner), to_string(finding.confidence),
                             finding.summary)) +
           "\n";
    for (const Remedy& remedy : finding.remedy) {
      if (!remedy.text.empty()) out += "  " + plain(remedy.text) + "\n";
      if (!remedy.command.empty()) out += "    " + plain(remedy.command) + "\n";
    }
  }
  return out;
}

std::string whole(std::span<const Report> reports, const Summary& summary, const RenderOptions&) {
  static constexpr std::string_view kStates[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  const std::string_view state = kStates[nagios_exit_code(summary)];
  if (reports.size() == 1 && !summary.not_probed)
    return fmt::format("PLUMB {} - {} | {}\n{}", state, state_of(reports.front()),
                       performance(reports.front()), long_output(reports.front()));
  const std::size_t well = summary.of(Outcome::ok);
  const std::string left_out =
      summary.not_probed ? fmt::format(", {} more not probed", *summary.not_probed) : "";
  std::string out = fmt::format("PLUMB {} - {} of {} targets ok{} | {}\n", state, well,
                                summary.targets, left_out, performance(summary));
  for (const SharedFault& fault : summary.shared.list())
    out += plain("IN COMMON - " + shared_sentence(fault)) + "\n";
  for (const Report& report : reports)
    if (report.diagnosis.outcome != Outcome::ok)
      out += fmt::format("{} - {}\n", verdict_word(report.diagnosis.outcome), state_of(report));
  return out;
}

}  // namespace

extern const Renderer kNagios;
const Renderer kNagios{.name = "nagios",
                       .what = "plugin line with perfdata; exit codes 0 1 2 3 of a plugin",
                       .whole = whole,
                       .exit_code = nagios_exit_code};

}  // namespace plumb::output
