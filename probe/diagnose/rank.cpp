#include "probe/diagnose/rank.hpp"

#include <algorithm>
#include <tuple>

namespace plumb {
namespace {

int phase_of(const Case& about, const Match& match) {
  const Observation* decisive = about.evidence.find(match.decisive());
  return decisive ? static_cast<int>(decisive->phase) : static_cast<int>(Phase::local);
}

int least(Severity severity) { return -static_cast<int>(severity); }
int least(Confidence confidence) { return -static_cast<int>(confidence); }
// Likely and possible causes of one observation compete; a certain one is settled.
int unsettled(const Match& match) {
  return match.verdict.confidence == Confidence::certain ? 0 : 1;
}

auto root_order(const Case& about, const Match& match) {
  return std::tuple(phase_of(about, match), unsettled(match), match.verdict.rank,
                    least(match.verdict.severity), least(match.verdict.confidence),
                    match.decisive(), match.row);
}

auto independent_order(const Case& about, const Match& match) {
  return std::tuple(least(match.verdict.severity), phase_of(about, match), match.decisive(),
                    unsettled(match), match.verdict.rank, match.row);
}

// Candidates explain the same observation as the root, or lie behind it where it is not certain.
bool competes(const Match& match, const Match& root) {
  if (match.decisive() == root.decisive()) return true;
  const auto& shown = root.verdict.evidence;
  return unsettled(match) && unsettled(root) &&
         std::ranges::find(shown, match.decisive()) != shown.end();
}

}  // namespace

bool explains_stop(const Case& about, const Passage& passage, const Match& match) {
  if (match.verdict.severity < Severity::error) return false;
  return std::ranges::any_of(passage.stops, [&](int stop) {
    if (std::ranges::find(match.verdict.evidence, stop) != match.verdict.evidence.end())
      return true;
    const auto branch = about.evidence.branch(stop);
    const Observation* decisive = about.evidence.find(match.decisive());
    return std::ranges::find(branch, decisive) != branch.end();
  });
}

void rank(const Case& about, const Passage& passage, std::vector<Match>& matches) {
  const auto independent = [&](const Match& a, const Match& b) {
    return independent_order(about, a) < independent_order(about, b);
  };
  if (passage.way != Way::kept_out) {
    std::ranges::sort(matches, independent);
    return;
  }
  const auto in_the_way = std::partition(matches.begin(), matches.end(), [&](const Match& match) {
    return explains_stop(about, passage, match);
  });
  if (in_the_way == matches.begin()) {
    std::ranges::sort(matches, independent);
    return;
  }
  std::sort(matches.begin(), in_the_way, [&](const Match& a, const Match& b) {
    return root_order(about, a) < root_order(about, b);
  });
  const Match root = matches.front();
  const auto rest = std::stable_partition(
      matches.begin(), in_the_way, [&](const Match& match) { return competes(match, root); });
  std::sort(rest, matches.end(), independent);
}

}  // namespace plumb
