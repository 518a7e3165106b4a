#include "checks/cloud/candidates.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/dns/answers.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/tcp/partial.hpp"
#include "checks/tcp/silence.hpp"
#include "checks/tls/evidence.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::cloud {
namespace {

using tcp::candidate;
using tcp::Silence;

Verdict whole_endpoint(const Case& about, Cloud cloud, int rank) {
  return candidate(about,
                   {.rank = rank, .cloud = cloud, .of_endpoint = true, .whole_address = true});
}

// Where the target keeps the client out: the silent connects, or the name that gives no address.
std::vector<int> stopped_at(const Case& about) {
  const Silence silence = tcp::silence_of(about);
  if (!silence.silent.empty()) return silence.evidence;
  const dns::Step view = dns::application_view(about);
  const bool no_address = view.failed_with(Failure::nxdomain) || view.failed_with(Failure::nodata);
  return no_address ? std::vector<int>{view.n} : std::vector<int>{};
}

// Another cluster refuses an account that it does not know, in the words of a wrong password.
Verdict refused_by_another_cluster(const Case& about) {
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (!mysql::is_denied(seen) || tls::proved_name(about, seen.endpoint)) continue;
    Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, {seen.n},
                                   {{"sign", "the account is refused"}});
    verdict.rank = 120;
    return verdict;
  }
  return Verdict::no("the certificate is for this name, or none was shown");
}

}  // namespace

Verdict match_pending_acceptance(const Case& about) {
  return whole_endpoint(about, Cloud::aws, 30);
}

Verdict match_tidb_not_registered(const Case& about) {
  if (about.profile->product != Product::tidb_dedicated ||
      about.profile->access != Access::private_endpoint)
    return Verdict::no("the target is no private endpoint of a Dedicated cluster");
  return whole_endpoint(about, Cloud::aws, 32);
}

Verdict match_listener_missing(const Case& about) {
  const Silence silence = tcp::silence_of(about);
  Verdict verdict =
      candidate(about, silence, {.rank = 42, .cloud = Cloud::aws, .of_endpoint = true});
  if (!verdict.matched || silence.held_back) return verdict;
  if (silence.greets_on) verdict.rank = 2;
  if (silence.other_ports_silent) verdict.rank = 79;
  return verdict;
}

Verdict match_azure_not_approved(const Case& about) {
  return whole_endpoint(about, Cloud::azure, 20);
}

Verdict match_psc_not_accepted(const Case& about) { return whole_endpoint(about, Cloud::gcp, 20); }

Verdict match_psc_exhausted(const Case& about) {
  const Silence silence = tcp::silence_of(about);
  Verdict verdict =
      candidate(about, silence,
                {.rank = 40, .cloud = Cloud::gcp, .of_endpoint = true, .whole_address = true});
  if (verdict.matched && silence.comes_and_goes) verdict.rank = 7;
  return verdict;
}

Verdict match_alibaba_not_connected(const Case& about) {
  return whole_endpoint(about, Cloud::alibaba, 20);
}

Verdict match_alibaba_zone(const Case& about) {
  Verdict partial = tcp::partial_candidate(about, Cloud::alibaba, 10, true);
  return partial.matched ? partial : whole_endpoint(about, Cloud::alibaba, 30);
}

Verdict match_region_mismatch(const Case& about) {
  int told = 0;
  const std::string* here = where_am_i(about, key::cloud_region, &told);
  const std::optional<std::string> there = region_in(about.target.host);
  if (!here) return Verdict::no("the region of this host is not known");
  if (!there) return Verdict::no("the host name names no region");
  if (*here == *there) return Verdict::no("the host name is of this host's region");
  if (client_cloud(about) != endpoint_cloud(about))
    return Verdict::no("the host name is of another cloud, whose regions have other names");
  if (about.profile->address != Expected::private_address ||
      about.profile->access == Access::peering)
    return Verdict::no("no private endpoint is expected, and others cross regions");
  std::vector<int> proof = stopped_at(about);
  if (proof.empty()) return Verdict::no("the target is reached from here all the same");
  proof.push_back(told);
  Verdict verdict = Verdict::yes(Confidence::likely, Severity::error, std::move(proof),
                                 {{"here", *here}, {"there", *there}});
  verdict.rank = 3;
  return verdict;
}

Verdict match_heatwave_hostname(const Case& about) {
  if (!about.profile->kind().starts_with("heatwave-"))
    return Verdict::no("the profile is not one of HeatWave's");
  if (!about.target.host.ends_with(".rds.amazonaws.com"))
    return Verdict::no("the host is not the source's own name");
  std::vector<int> proof = stopped_at(about);
  if (proof.empty()) return Verdict::no("the target is reached by this name");
  Verdict verdict = Verdict::yes(Confidence::likely, Severity::error, std::move(proof));
  verdict.rank = 4;
  return verdict;
}

namespace {

// What an endpoint was made for.
constexpr InCloud kMadeFor{
    .azure =
        "az network private-endpoint show -g <rg> -n <private-endpoint>: privateLinkServiceId "
        "differs from the connection dialog's.",
    .gcp =
        "gcloud compute forwarding-rules describe <ep> --region <region> "
        "--format='get(target)': it differs from the connection dialog's.",
    .alibaba =
        "aliyun privatelink ListVpcEndpoints --EndpointId <ep>: ServiceName differs from the "
        "connection dialog's."};

}  // namespace

Verdict match_wrong_service(const Case& about) {
  if (!is_private_dns_name(about))
    return Verdict::no("the name is none of a TiDB Cloud private endpoint");
  Verdict refused = refused_by_another_cluster(about);
  refused.decide_by = in_cloud(about, kMadeFor);
  const tls::Seen misnamed = tls::handshakes(
      about, [](const Observation& seen) { return tls::is_bad(seen, tls::Verification::name); });
  if (misnamed.empty()) return refused;
  if (refused.matched) {
    refused.evidence.push_back(misnamed.front()->n);
    return refused;
  }
  const bool must_fit = tls::demanded(about, tls::Verification::name);
  Verdict verdict =
      Verdict::yes(Confidence::possible, must_fit ? Severity::error : Severity::info,
                   {misnamed.front()->n}, {{"sign", "the certificate is for another name"}});
  verdict.rank = 60;
  verdict.decide_by = in_cloud(about, kMadeFor);
  return verdict;
}

}  // namespace plumb::cloud
