#include "probe/diagnose/steps.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace plumb {
namespace {

bool names(std::string_view beginnings, std::string_view profile) {
  while (!beginnings.empty()) {
    const std::size_t end = std::min(beginnings.find(' '), beginnings.size());
    if (end > 0 && profile.starts_with(beginnings.substr(0, end))) return true;
    beginnings.remove_prefix(std::min(end + 1, beginnings.size()));
  }
  return false;
}

bool is_for(std::string_view kinds, std::string_view kind) {
  return kinds.empty() || kind.empty() ||
         (" " + std::string(kinds) + " ").find(" " + std::string(kind) + " ") != std::string::npos;
}

}  // namespace

std::vector<const RemedyTemplate*> steps_for(const Profile& profile, Cloud cloud,
                                             std::span<const RemedyTemplate> remedy,
                                             std::string_view kind) {
  const bool known = std::ranges::any_of(
      remedy, [&](const RemedyTemplate& step) { return names(step.profiles, profile.kind()); });
  const Cloud here = cloud == Cloud::unknown ? Cloud::aws : cloud;
  std::vector<const RemedyTemplate*> steps;
  for (const RemedyTemplate& step : remedy) {
    if (step.cloud != Cloud::unknown && step.cloud != here) continue;
    if (!is_for(step.kinds, kind)) continue;
    if (!known || step.profiles.empty() || names(step.profiles, profile.kind()))
      steps.push_back(&step);
  }
  return steps;
}

}  // namespace plumb
