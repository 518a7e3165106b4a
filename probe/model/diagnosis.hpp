// The verdict over one case, with every text already filled in.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

struct Cause;

struct Remedy {
  std::string text;
  std::string command;  // empty: none
};

struct Finding {
  std::string id;
  Layer layer = Layer::client;
  Severity severity = Severity::info;
  Confidence confidence = Confidence::possible;
  Owner owner = Owner::client;
  std::string summary;
  std::vector<Remedy> remedy;
  std::vector<int> evidence;
  std::vector<std::string> decide_by;
};

// Views of the catalogue's rows, which are constants.
struct RuledOut {
  std::string_view id;
  std::string_view because;  // a short clause: "the name resolves", "explained by "
  std::string_view by = {};  // where that is another cause: which

  std::string reason() const { return std::string(because).append(by); }
};

struct Diagnosis {
  Outcome outcome = Outcome::unknown;
  std::vector<Finding> findings;    // failed or degraded: [0] is the root cause
  std::vector<RuledOut> set_aside;  // what would hold, were it not for another
  // What was asked: constants that outlive it. See ruled_out.hpp of probe/diagnose.
  std::span<const Cause* const> catalogue = {};

  // The root cause id; empty unless the outcome is failed or degraded.
  std::string_view cause() const {
    const bool troubled = outcome == Outcome::failed || outcome == Outcome::degraded;
    return troubled && !findings.empty() ? std::string_view(findings.front().id)
                                         : std::string_view();
  }
};

struct Report {
  Case about;
  Diagnosis diagnosis;
  std::vector<std::string> remarks = {};  // how far the verdict reaches
};

}  // namespace plumb
