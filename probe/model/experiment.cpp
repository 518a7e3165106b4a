#include "probe/model/experiment.hpp"

#include <algorithm>

#include "probe/model/keys.hpp"

namespace plumb::experiment {
namespace {

template <class Wanted>
std::vector<int> numbers_where(const Case& about, std::string_view experiment, Wanted wanted) {
  std::vector<int> found;
  int n = 0;
  for (const Observation& seen : about.evidence.observations) {
    ++n;
    if (name_of(seen) == experiment && wanted(seen)) found.push_back(n);
  }
  return found;
}

}  // namespace

std::string_view name_of(const Observation& seen) {
  const std::string* name = seen.facts.get(key::path_experiment);
  return name ? std::string_view(*name) : std::string_view();
}

// Each cause asks for it: written out, so that it costs a few comparisons and no call.
std::span<const Observation> first_pass(const Evidence& evidence) {
  const auto& all = evidence.observations;
  const auto follows = [](const Observation& seen) {
    const std::string* name = seen.facts.get(key::path_experiment);
    return name && !name->empty();
  };
  return {all.begin(), std::ranges::find_if(all, follows)};
}

bool Path::greeted() const {
  if (last->phase == Phase::tls || last->phase == Phase::login || last->phase == Phase::session)
    return true;
  return last->phase == Phase::greeting &&
         (!last->failure || last->failure == Failure::mysql_error);
}

std::vector<Path> paths(const Case& about, std::string_view experiment) {
  std::vector<Path> found;
  int n = 0;
  for (const Observation& seen : about.evidence.observations) {
    ++n;
    if (name_of(seen) != experiment) continue;
    if (seen.phase == Phase::connect) {
      found.push_back({&seen, &seen, n, n});
      continue;
    }
    for (Path& path : found)
      if (seen.after == path.last_n) {
        path.last = &seen;
        path.last_n = n;
        break;
      }
  }
  return found;
}

std::vector<int> questions(const Case& about, std::string_view experiment) {
  return numbers_where(about, experiment,
                       [](const Observation& seen) { return seen.phase == Phase::resolve; });
}

std::vector<int> all(const Case& about, std::string_view experiment) {
  return numbers_where(about, experiment, [](const Observation&) { return true; });
}

}  // namespace plumb::experiment
