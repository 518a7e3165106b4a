#include "checks/tls/trust_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/tls/chain.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/keys.hpp"

namespace plumb::tls {
namespace {

bool is_of_amazon(const std::string& subject) {
  return subject.find("Amazon") != std::string::npos;
}

// Nobody knows the private authority of a cluster; but it is none of the public ones.
bool holds_roots_of_another(Roots expected, const Chain& file) {
  if (file.trusted.empty() || !file.knows_all_trusted()) return false;
  const auto none_is = [&](bool (*is)(const std::string&)) {
    return std::ranges::none_of(file.trusted, is);
  };
  switch (expected) {
    case Roots::isrg:
      return none_is(is_root_of_isrg) && none_is(by_lets_encrypt);
    case Roots::amazon_rds:
      return none_is(is_of_amazon);
    case Roots::console:
    case Roots::heatwave:
    case Roots::apsaradb:
      return std::ranges::all_of(file.trusted, is_root_of_isrg) ||
             std::ranges::all_of(file.trusted, is_of_amazon);
    case Roots::system:
      break;
  }
  return false;
}

}  // namespace

Verdict match_file_of_another_deployment(const Case& about) {
  int n = 0;
  const auto* subjects = where_am_i(about, key::tls_trust_subjects, &n);
  const bool any_tls = !handshakes(about, [](const Observation&) { return true; }).empty();
  if (!subjects || any_tls ||
      !holds_roots_of_another(about.profile->roots, Chain(*about.evidence.find(n))))
    return Verdict::no("every chain seen leads to a trusted root");
  const std::string held = fmt::format("{}", fmt::join(*subjects, "; "));
  const auto* file = where_am_i(about, key::tls_trust);
  Verdict verdict = Verdict::yes(
      Confidence::likely, Severity::warning, {n},
      {{"what", trust_in_words(*file) + " holds " + held + ". This deployment's roots: " +
                    std::string(where_to_get(about.profile->roots))},
       {"top_issuer", "the root of this deployment"},
       {"ca_file", *file}});
  verdict.rank = 200;
  return verdict;
}

}  // namespace plumb::tls
