#include "checks/places.hpp"

#include <set>

#include "probe/model/experiment.hpp"

namespace plumb {

std::string name_places(const std::vector<std::string>& endpoints, std::size_t of) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& endpoint : endpoints)
    if (seen.insert(endpoint).second) names.push_back(endpoint);
  const std::string count = std::to_string(names.size());
  if (names.size() > kNamed) {
    if (of == names.size()) return "all " + count + " addresses";
    return count + (of > names.size() ? " of " + std::to_string(of) : "") + " addresses";
  }
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

std::size_t places_tried(const Case& about) {
  std::set<std::string> tried;
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (seen.phase == Phase::connect && !seen.endpoint.empty()) tried.insert(seen.endpoint);
  return tried.size();
}

}  // namespace plumb
