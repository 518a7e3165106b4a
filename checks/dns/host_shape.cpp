#include "checks/dns/host_shape.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/dns/opinions.hpp"
#include "checks/tcp/silence.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::dns {
namespace {

// Failure catalogue §4, as a reader writes them.
constexpr std::array<std::string_view, 8> kShapes{
    "gateway01.<region>.prod.aws.tidbcloud.com",
    "gateway01-privatelink.<region>.prod.aws.tidbcloud.com",
    "gateway01.<region>.prod.alicloud.tidbcloud.com",
    "tidb.<cluster>.clusters.tidb-cloud.com",
    "private-tidb.<cluster>.clusters.tidb-cloud.com",
    "privatelink-<number>.<cluster>.clusters.tidb-cloud.com",
    "<vpce-id>-<suffix>.vpce-svc-<id>.<region>.vpce.amazonaws.com",
    "ep-<id>.<epsrv-id>.<region>.privatelink.aliyuncs.com",
};

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// What a placeholder stands for is as long as it is; it says nothing of how near a name is.
std::string without_placeholders(std::string_view shape) {
  std::string out;
  bool inside = false;
  for (const char c : shape) {
    inside = inside || c == '<';
    if (!inside) out += c;
    inside = inside && c != '>';
  }
  return out;
}

std::string_view domain_of(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

// Of the products whose ways have names of different shapes.
bool is_tidb(const Profile& profile) {
  return profile.product == Product::tidb_starter || profile.product == Product::tidb_dedicated;
}

}  // namespace

std::string_view nearest_shape(std::string_view host) {
  std::string_view nearest;
  std::size_t least = 0;
  for (const std::string_view shape : kShapes) {
    if (domain_of(shape) != domain_of(host)) continue;
    const std::size_t far = distance(host.substr(0, 253), without_placeholders(shape));
    if (nearest.empty() || far < least) std::tie(nearest, least) = std::pair(shape, far);
  }
  return nearest;
}

bool is_of_another_profile(const Case& about) {
  const Profile& by_name = profile_for_host(about.target.host);
  if (&by_name == about.profile || by_name.host_pattern.empty()) return false;
  return is_tidb(*about.profile) && is_tidb(by_name);
}

Verdict match_wrong_host_type(const Case& about) {
  const Profile& by_name = profile_for_host(about.target.host);
  const auto bound_to = [&](std::string wanted) {
    return Bindings{{"is_for", std::string(by_name.name)}, {"wanted", std::move(wanted)}};
  };
  if (is_of_another_profile(about)) {
    const auto first_pass = experiment::first_pass(about.evidence);
    const Step view = application_view(about);
    if (first_pass.empty()) return Verdict::no("nothing was tried");
    const int n = view.seen ? view.n : 1;
    const bool works = some_connect_worked(about);
    return Verdict::yes(Confidence::certain, works ? Severity::warning : Severity::error, {n},
                        bound_to("profile " + std::string(about.profile->name) + " was asked for"));
  }
  // The public or the peering name is right for what it is for; where it stays silent, perhaps the
  // private endpoint was meant.
  const bool other_way_exists = is_tidb(by_name) && (by_name.access == Access::public_endpoint ||
                                                     by_name.access == Access::peering);
  if (!other_way_exists) return Verdict::no("the name is of the kind that the profile asks for");
  // Behind what is on the way: whoever asks for a peering name has a peering, as a rule.
  const int rank = by_name.access == Access::peering ? 64 : 28;
  Verdict verdict = tcp::candidate(about, {.rank = rank, .whole_address = true});
  if (!verdict.matched) return verdict;
  verdict.bindings = bound_to("possibly the private endpoint is meant, which has another name");
  return verdict;
}

Verdict match_host_typo(const Case& about) {
  if (!is_under_provider_domain(about.target.host))
    return Verdict::no("the name is in no domain of the known providers");
  if (!profile_for_host(about.target.host).host_pattern.empty())
    return Verdict::no("the name has the shape of a known endpoint");
  const Step view = application_view(about);
  if (!view.failed_with(Failure::nxdomain) && !view.failed_with(Failure::nodata))
    return Verdict::no("the name exists");
  const std::string_view shape = nearest_shape(about.target.host);
  if (shape.empty()) return Verdict::no("no shape is known for this domain");
  Verdict verdict = at_the_view(about, Confidence::likely, 6, {});
  verdict.bindings = {{"shape", std::string(shape)}};
  return verdict;
}

}  // namespace plumb::dns
