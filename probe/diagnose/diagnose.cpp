#include "probe/diagnose/diagnose.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "probe/diagnose/cross_causes.hpp"
#include "probe/diagnose/fill.hpp"
#include "probe/diagnose/match.hpp"
#include "probe/diagnose/passage.hpp"
#include "probe/diagnose/rank.hpp"
#include "probe/diagnose/steps.hpp"
#include "probe/model/experiment.hpp"

namespace plumb {
namespace {

Layer layer_of(Phase phase) {
  switch (phase) {
    case Phase::resolve:
      return Layer::dns;
    case Phase::connect:
    case Phase::path:
      return Layer::tcp;
    case Phase::tls:
      return Layer::tls;
    case Phase::greeting:
    case Phase::login:
      return Layer::mysql;
    case Phase::session:
      return Layer::session;
    case Phase::cloud:
      return Layer::cloud;
    case Phase::local:
      return Layer::client;
  }
  return Layer::client;
}

// Whoever gets through is not kept out by what failed beside the way; what could not be measured is
// no fault of the target.
void temper(const Case& about, const Passage& passage, Match& match) {
  const Observation* decisive = about.evidence.find(match.decisive());
  const bool beside = passage.way == Way::not_measured || (decisive && decisive->failure);
  if (passage.way != Way::kept_out && beside)
    match.verdict.severity = std::min(match.verdict.severity, Severity::warning);
}

Match unexplained(const Passage& passage) {
  const Cause& row = unclassified_cause();
  return {&row, Verdict::yes(Confidence::possible, row.severity, passage.stops), 0};
}

Finding finding_of(const Case& about, const Match& match) {
  const Cause& cause = *match.cause;
  const Bindings bindings = bindings_of(about, match.verdict);
  Finding finding;
  finding.id = cause.id;
  finding.layer = cause.layer;
  if (&cause == &unclassified_cause())
    finding.layer = layer_of(about.evidence.find(match.decisive())->phase);
  finding.severity = match.verdict.severity;
  finding.confidence = match.verdict.confidence;
  finding.owner = match.verdict.owner.value_or(cause.owner);
  finding.summary = fill_text(cause.summary, bindings);
  for (const RemedyTemplate* step :
       steps_for(*about.profile, endpoint_cloud(about), cause.remedy, match.verdict.bound("kind")))
    finding.remedy.push_back(
        {fill_text(step->text, bindings), fill_command(step->command, bindings)});
  finding.evidence = match.verdict.evidence;
  const std::string_view decide_by =
      match.verdict.decide_by.empty() ? cause.decide_by : match.verdict.decide_by;
  if (finding.confidence != Confidence::certain && !decide_by.empty())
    finding.decide_by.push_back(fill_text(decide_by, bindings));
  return finding;
}

// A client with a purpose is kept out as well by what only a session shows.
bool defeats_purpose(const Case& about, const Match& match) {
  const Observation* decisive = about.evidence.find(match.decisive());
  return about.purpose != Purpose::connect && match.verdict.severity >= Severity::error &&
         decisive && decisive->phase == Phase::session;
}

// Whoever asks for a purpose must not read "ok" where nobody could look.
bool looked_into_purpose(const Case& about) {
  return about.purpose == Purpose::connect ||
         std::ranges::any_of(experiment::first_pass(about.evidence), [](const Observation& seen) {
           return seen.phase == Phase::session && !seen.failure;
         });
}

Outcome outcome_of(const Case& about, const Passage& passage, const std::vector<Match>& matches) {
  if (passage.way == Way::kept_out) return Outcome::failed;
  if (passage.way == Way::not_measured) return Outcome::unknown;
  if (std::ranges::any_of(matches,
                          [&](const Match& match) { return defeats_purpose(about, match); }))
    return Outcome::failed;
  if (!looked_into_purpose(about)) return Outcome::unknown;
  const bool troubled = std::ranges::any_of(
      matches, [](const Match& match) { return match.verdict.severity >= Severity::warning; });
  return troubled ? Outcome::degraded : Outcome::ok;
}

}  // namespace

Diagnosis diagnose(const Case& about, std::span<const Cause* const> catalogue) {
  const Passage passage = judge_passage(about);
  Matches matches = match_all(about, passage, catalogue);
  for (Match& match : matches.holding) temper(about, passage, match);
  const bool explained = std::ranges::any_of(
      matches.holding, [&](const Match& match) { return explains_stop(about, passage, match); });
  if (passage.way == Way::kept_out && !explained) matches.holding.push_back(unexplained(passage));
  rank(about, passage, matches.holding);

  Diagnosis diagnosis;
  diagnosis.outcome = outcome_of(about, passage, matches.holding);
  for (const Match& match : matches.holding) diagnosis.findings.push_back(finding_of(about, match));
  diagnosis.set_aside = std::move(matches.set_aside);
  diagnosis.catalogue = catalogue;
  return diagnosis;
}

}  // namespace plumb
