#include "src/catalogue.hpp"

#include <vector>

#include "checks/registry.hpp"
#include "probe/diagnose/cross_causes.hpp"

namespace plumb {
namespace {

std::vector<const Cause*> collect() {
  std::vector<const Cause*> all;
  for (const Check& check : checks())
    for (const Cause& cause : check.causes) all.push_back(&cause);
  for (const Cause& cause : cross_causes()) all.push_back(&cause);
  return all;
}

}  // namespace

std::span<const Cause* const> catalogue() {
  static const std::vector<const Cause*> kAll = collect();
  return kAll;
}

const Cause* find_cause(std::string_view id) {
  for (const Cause* cause : catalogue())
    if (cause->id == id) return cause;
  return nullptr;
}

}  // namespace plumb
