#include "checks/session/read_only.hpp"

#include <string>
#include <vector>

#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

Verdict read_only(const Case& about, const Observation& session) {
  const auto* by = session.facts.get(key::read_only_by);
  if (!by) return Verdict::no("the server does not tell whether it takes writes");
  if (by->empty()) return Verdict::no("the server takes writes");
  std::string variables;
  for (const std::string& name : *by) variables += (variables.empty() ? "" : ", ") + name;
  return found(session, Confidence::certain, Severity::error,
               {{"address", about.target.host}, {"message", variables + " is ON"}});
}

}  // namespace

Verdict match_read_only_target(const Case& about) {
  return within<For::dms_target, read_only>(about);
}

}  // namespace plumb::session
