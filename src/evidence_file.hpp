// What --save writes and replay reads: plumb.evidence/1, one Case a line (docs/schema). A line
// holds all that a diagnosis may look at and never a password: a Case has none. Reading trusts
// nothing: size, depth, types, vocabularies and numbering are checked, and every text is made
// printable.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

inline constexpr std::size_t kEvidenceLineLimit = std::size_t{16} << 20U;

// One line, with its line feed.
std::string write_evidence(const Case& about);

// Exactly one of the two is set.
struct ParsedEvidence {
  std::optional<Case> about;
  std::string error;  // what is wrong, without the line number
};
ParsedEvidence parse_evidence(std::string_view line);

struct EvidenceFile {
  std::vector<Case> cases;  // those before the error
  std::string error;        // empty: all was read; "line 3: …"
};
// Blank lines are skipped; a file without a case is an error.
EvidenceFile read_evidence(std::istream& in);

}  // namespace plumb
