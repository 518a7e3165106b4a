#include "probe/model/observation.hpp"

#include <algorithm>
#include <utility>

namespace plumb {
namespace {

constexpr std::size_t kUsual = 8;  // a healthy name has six

}  // namespace

int Evidence::add(Observation observation) {
  if (observations.empty()) observations.reserve(kUsual);
  observation.n = static_cast<int>(observations.size()) + 1;
  observations.push_back(std::move(observation));
  return observations.back().n;
}

const Observation* Evidence::find(int n) const {
  if (n < 1 || n > static_cast<int>(observations.size())) return nullptr;
  return &observations[static_cast<std::size_t>(n) - 1];
}

std::vector<const Observation*> Evidence::branch(int n) const {
  std::vector<const Observation*> chain;
  // `after` always points backwards; a file that says otherwise must not make us loop.
  for (const Observation* at = find(n); at; at = at->after < at->n ? find(at->after) : nullptr)
    chain.push_back(at);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace plumb
