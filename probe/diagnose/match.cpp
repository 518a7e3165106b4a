#include "probe/diagnose/match.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace plumb {
namespace {

const Cause* find(std::span<const Cause* const> catalogue, std::string_view id) {
  const auto found = std::ranges::find(catalogue, id, [](const Cause* cause) { return cause->id; });
  return found == catalogue.end() ? nullptr : *found;
}

// Everything that `cause` explains away, through others as well. A circle ends where it began.
void collect_superseded(std::span<const Cause* const> catalogue, const Cause& cause,
                        std::set<std::string_view>& out) {
  for (const std::string_view id : cause.supersedes) {
    if (!out.insert(id).second) continue;
    if (const Cause* next = find(catalogue, id)) collect_superseded(catalogue, *next, out);
  }
}

// Whoever `find_by` names a cause for is ruled out by it.
template <class FindBy>
void rule_out(Matches& matches, std::string_view how, FindBy find_by) {
  std::erase_if(matches.holding, [&](const Match& match) {
    const Cause* by = find_by(match);
    if (by) matches.set_aside.push_back({match.cause->id, how, by->id});
    return by != nullptr;
  });
}

void drop_superseded(Matches& matches, std::span<const Cause* const> catalogue) {
  std::vector<std::pair<const Cause*, std::set<std::string_view>>> explaining;
  for (const Match& match : matches.holding) {
    if (match.cause->supersedes.empty()) continue;
    explaining.emplace_back(match.cause, std::set<std::string_view>{});
    collect_superseded(catalogue, *match.cause, explaining.back().second);
  }
  rule_out(matches, "explained by ", [&](const Match& match) -> const Cause* {
    for (const auto& [cause, superseded] : explaining)
      if (cause != match.cause && superseded.contains(match.cause->id)) return cause;
    return nullptr;
  });
}

// A wrong certificate or a missing TLS is recorded and the conversation goes on: what is found
// behind it is a fault of its own. A wrong address, or a step that broke, leads to what follows.
bool leads_astray(const Case& about, const Match& match) {
  const Observation* decisive = about.evidence.find(match.decisive());
  if (!decisive || match.verdict.severity < Severity::error) return false;
  return decisive->phase == Phase::resolve || decisive->phase == Phase::connect;
}

// Under a root that is only likely, what lies behind it may be the truth.
bool makes_consequences(const Case& about, const Match& match) {
  return match.verdict.confidence == Confidence::certain && leads_astray(about, match);
}

bool lies_behind(const Case& about, int later, int earlier) {
  if (later == earlier) return false;
  const auto branch = about.evidence.branch(later);
  const Observation* at = about.evidence.find(earlier);
  return at && std::ranges::find(branch, at) != branch.end();
}

void drop_consequences(const Case& about, Matches& matches) {
  std::vector<std::pair<const Cause*, int>> roots;
  for (const Match& match : matches.holding)
    if (makes_consequences(about, match)) roots.emplace_back(match.cause, match.decisive());
  rule_out(matches, "a consequence of ", [&](const Match& match) -> const Cause* {
    if (match.verdict.severity < Severity::warning) return nullptr;
    for (const auto& [cause, decisive] : roots)
      if (lies_behind(about, match.decisive(), decisive)) return cause;
    return nullptr;
  });
}

// An uncertain root and the candidates behind it explain the same stop, so they compete.
void share_stops(const Case& about, const Passage& passage, Matches& matches) {
  for (Match& match : matches.holding) {
    if (!leads_astray(about, match) || makes_consequences(about, match)) continue;
    std::vector<int>& evidence = match.verdict.evidence;
    for (const int stop : passage.stops)
      if (std::ranges::find(evidence, stop) == evidence.end() &&
          lies_behind(about, stop, evidence.front()))
        evidence.push_back(stop);
  }
}

// Where nobody knows the port, 4000 and 3306 are tried; only the one that answers is the target's.
void drop_other_ports(const Case& about, const Passage& passage, Matches& matches) {
  if (about.target.port || about.profile->port || passage.ports.empty()) return;
  std::erase_if(matches.holding, [&](const Match& match) {
    const Observation* decisive = about.evidence.find(match.decisive());
    const auto endpoint = decisive ? Endpoint::parse(decisive->endpoint) : std::nullopt;
    const bool other =
        endpoint && std::ranges::find(passage.ports, endpoint->port) == passage.ports.end();
    if (other) matches.set_aside.push_back({match.cause->id, "not on the port that answers"});
    return other;
  });
}

}  // namespace

// A match must point at evidence, or nobody can follow it.
Verdict ask(const Case& about, const Cause& cause) {
  Verdict verdict = cause.match(about);
  const bool well_formed =
      !verdict.evidence.empty() && std::ranges::all_of(verdict.evidence, [&](int n) {
        return about.evidence.find(n) != nullptr;
      });
  return verdict.matched && !well_formed ? Verdict::no("no evidence for it") : verdict;
}

Matches match_all(const Case& about, const Passage& passage,
                  std::span<const Cause* const> catalogue) {
  Matches matches;
  const Signs signs = signs_of(about);
  for (std::size_t row = 0; row < catalogue.size(); ++row) {
    const Cause& cause = *catalogue[row];
    if (!cause.needs.empty() && !signs.any_of(cause.needs)) continue;
    Verdict verdict = ask(about, cause);
    if (verdict.matched) matches.holding.push_back({&cause, std::move(verdict), row});
  }
  drop_other_ports(about, passage, matches);
  drop_superseded(matches, catalogue);
  if (passage.way == Way::kept_out) {
    drop_consequences(about, matches);
    share_stops(about, passage, matches);
  }
  return matches;
}

}  // namespace plumb
