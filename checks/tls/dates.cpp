#include "checks/tls/dates.hpp"

#include "probe/model/rfc3339.hpp"

namespace plumb::tls {

using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<WallTime> time_of(const Facts& facts, const key::Text& key) {
  const auto* text = facts.get(key);
  return text ? parse_rfc3339(*text) : std::nullopt;
}

std::string days(WallTime::duration span) {
  const auto count = duration_cast<hours>(span) / kDay;
  return count == 0 ? "less than a day" : std::to_string(count) + (count == 1 ? " day" : " days");
}

std::string length_of(WallTime::duration span) {
  if (span < minutes(3)) return std::to_string(duration_cast<seconds>(span).count()) + " s";
  if (span < hours(3)) return std::to_string(duration_cast<minutes>(span).count()) + " min";
  if (span < 2 * kDay) return std::to_string(duration_cast<hours>(span).count()) + " h";
  return days(span);
}

}  // namespace plumb::tls
