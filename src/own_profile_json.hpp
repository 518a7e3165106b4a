// A profile of the user's as saved evidence keeps it, so that it is judged by the same rules later.
// Which hosts it was for is left out: the evidence is of one.
#pragma once

#include <string>

#include "probe/model/user_profile.hpp"
#include "src/output/facts_json.hpp"

namespace plumb {

output::Json own_profile_to_json(const UserProfileText& own);
// Throws strict::Wrong.
UserProfileText own_profile_from_json(const output::Json& json);

}  // namespace plumb
