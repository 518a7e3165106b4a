// What the catalogue says about one case: which causes hold, and which of them are set aside.
//
// A cause that holds may be explained away by another: named in its `supersedes` (also through a
// cause in between), or a consequence of an earlier fault that lies before it on the same path, if
// that fault is certain. An earlier one that is not only stands before it.
#pragma once

#include <span>
#include <vector>

#include "probe/diagnose/passage.hpp"
#include "probe/model/cause.hpp"
#include "probe/model/diagnosis.hpp"

namespace plumb {

struct Match {
  const Cause* cause = nullptr;
  Verdict verdict;
  std::size_t row = 0;  // its place in the catalogue: the last tie-break

  int decisive() const { return verdict.evidence.empty() ? 0 : verdict.evidence.front(); }
};

struct Matches {
  std::vector<Match> holding;
  std::vector<RuledOut> set_aside;  // by another that holds
};

// Does the row hold, at evidence that is there? If not, `because` says why.
Verdict ask(const Case& about, const Cause& cause);

Matches match_all(const Case& about, const Passage& passage,
                  std::span<const Cause* const> catalogue);

}  // namespace plumb
