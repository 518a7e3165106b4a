// A cause is a row of the catalogue: what it is, how it shows, who mends it and how, and a pure
// function that finds it in a case. `match` answers for itself why it does not apply: that is what
// --explain and `ruled_out` print.
//
// Texts are templates: {host}, {port} and the names that `match` binds. In a command a value is
// only filled in if it is safe to paste into a shell, else a marked <placeholder> stays.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/model/case.hpp"
#include "probe/model/cloud.hpp"
#include "probe/model/signs.hpp"

namespace plumb {

struct RemedyTemplate {
  std::string_view text;
  std::string_view command;  // empty: none
  // Where deployments need different steps: beginnings of the profiles' names this one is for,
  // separated by blanks; empty: for all.
  std::string_view profiles = {};
  Cloud cloud = Cloud::unknown;  // the only cloud this one is for; unknown: any
  // Where a verdict binds what kind of case it found as `kind` (a server's product, a purpose): the
  // kinds this one is for, separated by blanks; empty: for all.
  std::string_view kinds = {};
};

using Bindings = std::vector<std::pair<std::string_view, std::string>>;

struct Verdict {
  bool matched = false;
  std::string_view because;  // of a miss: a short clause, "the name resolves"
  Confidence confidence = Confidence::possible;
  Severity severity =
      Severity::error;  // filled from the row before match() is called; match may lower or raise it
  std::vector<int> evidence;  // of a match: the observations that prove it, the decisive one first
  Bindings bindings;
  std::string_view decide_by;  // overrides the row's
  std::optional<Owner> owner;  // overrides the row's
  int rank = 100;              // among competing candidates for the same observation: lower first

  // What is bound to the name; empty: nothing.
  std::string_view bound(std::string_view name) const {
    for (const auto& [known, value] : bindings)
      if (known == name) return value;
    return {};
  }

  static Verdict no(std::string_view why) {
    Verdict verdict;
    verdict.because = why;
    return verdict;
  }
  static Verdict yes(Confidence how_sure, Severity how_bad, std::vector<int> proof,
                     Bindings bound = {}) {
    Verdict verdict;
    verdict.matched = true;
    verdict.confidence = how_sure;
    verdict.severity = how_bad;
    verdict.evidence = std::move(proof);
    verdict.bindings = std::move(bound);
    return verdict;
  }
};

struct Cause {
  std::string_view id;  // the catalogue's, forever
  Layer layer;
  Severity severity;  // when it keeps the client out
  Owner owner;
  std::string_view title;     // one line for `plumb causes`
  std::string_view shows_as;  // what it looks like on the wire
  std::string_view summary;   // template, one or two sentences for the report
  std::span<const RemedyTemplate> remedy;
  std::string_view look_alikes;  // what else looks like this, and what tells them apart
  std::string_view decide_by;  // template: the observation or API field that decides; empty only if
                               // always certain
  std::string_view source;     // where it is documented or was reproduced
  Verdict (*match)(const Case&);
  std::span<const std::string_view> supersedes =
      {};  // more general causes that this one explains away
  // Without any of these it cannot hold, and is not asked; empty: it always is. Whoever is in doubt
  // leaves it empty: that costs time only.
  Signs needs = {};
};

}  // namespace plumb
