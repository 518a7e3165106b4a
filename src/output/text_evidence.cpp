// The evidence as a table: `where` gets what it needs up to a limit, the result gets the rest,
// because the result is what one reads. Anything too long is cut; the whole text stands in -o json.
#include "src/output/text_evidence.hpp"

#include <algorithm>
#include <string_view>

#include "src/output/columns.hpp"
#include "src/output/report_view.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kNumber = 2, kPhase = 8, kTook = 7, kWhereMost = 30, kGaps = 10;

std::string row(std::string_view n, std::string_view phase, std::string_view place,
                std::string_view result, std::string_view took, std::size_t where_width,
                std::size_t result_width) {
  return "  " + right(n, std::max(kNumber, n.size())) + "  " + left(phase, kPhase) + "  " +
         left(place, where_width) + "  " + left(result, result_width) + "  " + right(took, kTook) +
         "\n";
}

}  // namespace

std::string evidence_table(const Evidence& evidence, std::size_t width) {
  std::size_t where_width = 5;
  for (const Observation& seen : evidence.observations)
    where_width = std::max(where_width, display_width(screen(where(seen))));
  const std::size_t fixed = kGaps + kNumber + kPhase + kTook;
  const std::size_t room = std::max(width, fixed + 24) - fixed;
  where_width = std::min({where_width, kWhereMost, room / 2});
  const std::size_t result_width = room - where_width;
  std::string out = row("#", "phase", "where", "result", "took", where_width, result_width);
  for (const Observation& seen : evidence.observations)
    out += row(std::to_string(seen.n), to_string(seen.phase), screen(where(seen)),
               screen(outcome_of(seen)), duration(seen.took), where_width, result_width);
  return out;
}

}  // namespace plumb::output
