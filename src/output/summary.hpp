// What a run of one or many targets comes to: counted as reports arrive, so that no report has to
// be kept for it. The exit code is a function of it (design.md §2.3).
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/diagnose/shared_fault.hpp"
#include "probe/model/diagnosis.hpp"

namespace plumb::output {

struct Summary {
  static constexpr std::size_t kExamples = 3;
  // Targets whose first finding is the same: root causes, and why some could not be measured.
  struct Group {
    std::size_t targets = 0;
    Owner owner = Owner::client;
    std::vector<std::string> examples;  // "host:port", as they came
  };

  std::size_t targets = 0;
  std::array<std::size_t, Names<Outcome>::list.size()> outcomes{};
  std::size_t failing = 0;                    // failed, or with a finding at or above --fail-on
  std::map<std::string, std::size_t> causes;  // root causes of failed and degraded targets
  std::map<std::string, Group> groups;        // by the finding's id
  SharedFaults shared;                        // what several of the failures have in common
  std::optional<WallTime> started, ended;     // the first beginning, the last end
  std::optional<std::size_t> not_probed;      // of a run that was ended early: what it left out

  void count(const Report& report, Severity fail_on);
  std::size_t of(Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  Micros took() const;
};

// Failed, or a finding at or above `fail_on`: what exit code 1 stands for.
bool fails(const Report& report, Severity fail_on);
// Whether -q prints it: whatever makes the exit code other than 0.
bool shown_when_quiet(const Report& report, Severity fail_on);

// 1 if a target fails, else 3 if one could not be measured, was left out or there was none, else 0.
int exit_code(const Summary& summary);
// 2 CRITICAL, 3 UNKNOWN, 1 WARNING, 0 OK; the worst in this order (monitoring-plugins guidelines).
int nagios_exit_code(const Summary& summary);

}  // namespace plumb::output
