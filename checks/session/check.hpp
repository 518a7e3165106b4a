// The row of the session check: what it asks of an account's session, what it learns and can find.
#pragma once

#include "probe/wire/check.hpp"

namespace plumb::session {

const Check& session_check();

}  // namespace plumb::session
