#include "checks/session/check.hpp"

#include "checks/session/causes.hpp"
#include "checks/session/facts.hpp"
#include "checks/session/talk.hpp"

namespace plumb::session {

const Check& session_check() {
  static const Check check{"session", causes(), key::all, nullptr, &begin_talk};
  return check;
}

}  // namespace plumb::session
