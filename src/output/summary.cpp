#include "src/output/summary.hpp"

#include <algorithm>
#include <chrono>

namespace plumb::output {

void Summary::count(const Report& report, Severity fail_on) {
  ++targets;
  ++outcomes[static_cast<std::size_t>(report.diagnosis.outcome)];
  if (fails(report, fail_on)) ++failing;
  if (const auto cause = report.diagnosis.cause(); !cause.empty()) ++causes[std::string(cause)];
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
  return summary.of(Outcome::unknown) > 0 || summary.targets == 0 ? 3 : 0;
}

int nagios_exit_code(const Summary& summary) {
  if (summary.failing > 0) return 2;
  if (summary.of(Outcome::unknown) > 0 || summary.targets == 0) return 3;
  return summary.of(Outcome::degraded) > 0 ? 1 : 0;
}

}  // namespace plumb::output
