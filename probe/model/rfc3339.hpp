// Times as the facts and the report spell them: RFC 3339, always UTC ("2026-11-21T08:52:31Z").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/model/observation.hpp"

namespace plumb {

std::string rfc3339(WallTime time);  // whole seconds
// Accepts a fraction (cut to microseconds) and a numeric offset too; nothing for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace plumb
