// Dates of certificates as facts have them, and spans of time in words.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "probe/model/keys.hpp"
#include "probe/model/observation.hpp"

namespace plumb::tls {

inline constexpr std::chrono::hours kDay{24};

std::optional<WallTime> time_of(const Facts& facts, const key::Text& key);
std::string days(WallTime::duration span);       // "less than a day", "1 day", "12 days"
std::string length_of(WallTime::duration span);  // "90 s", "15 min", "3 h", "12 days"

}  // namespace plumb::tls
