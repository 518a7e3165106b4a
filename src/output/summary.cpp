#include "src/output/summary.hpp"

#include <algorithm>
#include <chrono>

#include "src/output/report_view.hpp"

namespace plumb::output {
namespace {

bool incomplete(const Summary& summary) {
  return summary.of(Outcome::unknown) > 0 || summary.targets == 0 ||
         summary.not_probed.value_or(0) > 0;
}

}  // namespace

void Summary::count(const Report& report, Severity fail_on) {
  ++targets;
  ++outcomes[static_cast<std::size_t>(report.diagnosis.outcome)];
  if (fails(report, fail_on)) ++failing;
  if (const auto cause = report.diagnosis.cause(); !cause.empty()) ++causes[std::string(cause)];
  if (const auto& findings = report.diagnosis.findings;
      report.diagnosis.outcome != Outcome::ok && !findings.empty()) {
    Group& group = groups[findings.front().id];
    if (++group.targets <= kExamples) group.examples.push_back(target_name(report.about));
    group.owner = findings.front().owner;
  }
  shared.count(report);
  const WallTime end =
      report.about.started + std::chrono::duration_cast<WallTime::duration>(report.about.took);
  started = started ? std::min(*started, report.about.started) : report.about.started;
  ended = ended ? std::max(*ended, end) : end;
}

Micros Summary::took() const {
  return started ? std::chrono::duration_cast<Micros>(*ended - *started) : Micros{0};
}

bool fails(const Report& report, Severity fail_on) {
  const Diagnosis& diagnosis = report.diagnosis;
  // Trouble of the tool is never trouble of the target, however severe it is for the tool.
  const auto counts = [&](const Finding& finding) {
    const bool ours = diagnosis.outcome == Outcome::unknown && finding.layer == Layer::client;
    return !ours && finding.severity >= fail_on;
  };
  return diagnosis.outcome == Outcome::failed ||
         std::any_of(diagnosis.findings.begin(), diagnosis.findings.end(), counts);
}

bool shown_when_quiet(const Report& report, Severity fail_on) {
  return fails(report, fail_on) || report.diagnosis.outcome == Outcome::unknown;
}

int exit_code(const Summary& summary) {
  if (summary.failing > 0) return 1;
  return incomplete(summary) ? 3 : 0;
}

int nagios_exit_code(const Summary& summary) {
  if (summary.failing > 0) return 2;
  if (incomplete(summary)) return 3;
  return summary.of(Outcome::degraded) > 0 ? 1 : 0;
}

}  // namespace plumb::output
