#include "checks/session/read_only.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

Verdict read_only(const Case& about, const Observation& session) {
  const auto* by = session.facts.get(key::read_only_by);
  if (!by) return Verdict::no("the server does not tell whether it takes writes");
  if (by->empty()) return Verdict::no("the server takes writes");
  return found(
      session, Confidence::certain, Severity::error,
      {{"address", about.target.host}, {"message", read_only_by(session.facts) + " is ON"}});
}

}  // namespace

std::string read_only_by(const Facts& facts) {
  const auto* variables = facts.get(key::read_only_by);
  return variables ? fmt::format("{}", fmt::join(*variables, ", ")) : std::string();
}

Verdict match_read_only_target(const Case& about) {
  return within<For::dms_target, read_only>(about);
}

}  // namespace plumb::session
