// The causes that only a session with an account shows.
#pragma once

#include <span>

#include "probe/model/cause.hpp"

namespace plumb::session {

std::span<const Cause> causes();

std::span<const Cause> binlog_causes();   // what the binary log of a source must be like
std::span<const Cause> account_causes();  // rights and form of the account
std::span<const Cause> target_causes();   // how the server takes and compares data
std::span<const Cause> source_causes();   // servers that cannot be the source at all
std::span<const Cause> sight_causes();    // what could not be looked at

}  // namespace plumb::session
