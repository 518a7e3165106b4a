#include "probe/diagnose/ruled_out.hpp"

#include <algorithm>

#include "probe/diagnose/match.hpp"

namespace plumb {

std::vector<RuledOut> ruled_out(const Case& about, const Diagnosis& diagnosis) {
  std::vector<RuledOut> all;
  all.reserve(diagnosis.catalogue.size());
  const auto& [outcome, findings, set_aside, catalogue] = diagnosis;
  for (const Cause* cause : catalogue) {
    const bool found = std::ranges::find(findings, cause->id, &Finding::id) != findings.end();
    const bool aside = std::ranges::find(set_aside, cause->id, &RuledOut::id) != set_aside.end();
    if (!found && !aside) all.push_back({cause->id, ask(about, *cause).because});
  }
  all.insert(all.end(), set_aside.begin(), set_aside.end());
  return all;
}

std::vector<RuledOut> ruled_out(const Report& report) {
  return ruled_out(report.about, report.diagnosis);
}

}  // namespace plumb
