#include "checks/dns/wandering.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/dns/opinions.hpp"
#include "checks/tcp/silence.hpp"
#include "probe/model/cloud.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {
namespace {

bool shares_address(const std::vector<Address>& a, const std::vector<Address>& b) {
  return std::ranges::any_of(
      a, [&](const Address& each) { return std::ranges::find(b, each) != b.end(); });
}

// A resolver whose private addresses are all others than those the application got.
const Opinion* who_knows_others(const std::vector<Opinion>& all, const std::vector<Address>& got) {
  const auto found = std::ranges::find_if(all, [&](const Opinion& opinion) {
    return opinion.knows_private() && !shares_address(opinion.addresses, got);
  });
  return found == all.end() ? nullptr : &*found;
}

// The connects that fail as towards an address that nobody has (any more).
std::vector<int> lost_connects(const Case& about) {
  if (!tcp::some_connect_failed(about)) return {};
  const tcp::Silence silence = tcp::silence_of(about);
  if (silence.greets_on || silence.comes_and_goes) return {};
  if (!silence.silent.empty()) return silence.evidence;
  const tcp::Attempts attempts = tcp::attempts_of(about);
  if (attempts.some_worked()) return {};
  std::vector<tcp::Attempt> gone = attempts.failed_with({Failure::host_unreachable});
  std::erase_if(gone, [](const tcp::Attempt& a) { return tcp::has_icmp(*a.seen); });
  return tcp::numbers(gone);
}

// Where an address is to be looked for.
constexpr InCloud kWhoseAddress{
    .azure = "az network nic list: no interface of a private endpoint has {address}.",
    .gcp =
        "gcloud compute forwarding-rules describe <ep> --region <region> "
        "--format='get(IPAddress)': it is not {address}.",
    .alibaba = "aliyun privatelink ListVpcEndpointZones --EndpointId <ep>: no zone has {address}."};

Verdict stale(const Case& about, std::vector<int> evidence, const std::vector<Address>& got,
              Confidence how_sure, int rank, std::string why) {
  Verdict verdict = Verdict::yes(how_sure, Severity::error, std::move(evidence),
                                 {{"stale", joined(got)}, {"why", std::move(why)}});
  verdict.rank = rank;
  verdict.decide_by = in_cloud(about, kWhoseAddress);
  return verdict;
}

bool is_zonal(std::string_view host) {
  const std::string label(host.substr(0, host.find('.')));
  const auto region = region_in(host);
  return is_endpoint_name(host) && region && label.size() > region->size() + 1 &&
         label.substr(0, label.size() - 1).ends_with("-" + *region);
}

}  // namespace

Verdict match_stale_record(const Case& about) {
  const Step view = application_view(about);
  if (!view.seen) return Verdict::no("no name was resolved");
  if (view.seen->facts.get_or(key::dns_source, std::string()) == "hosts")
    return Verdict::no("the answer comes from the hosts file");
  const std::vector<Address> got = view.addresses();
  const bool has_private = std::ranges::any_of(
      got, [](const Address& a) { return a.classify() == AddressClass::private_use; });
  if (!has_private) return Verdict::no("the name leads to no private address");
  std::vector<int> lost = lost_connects(about);
  if (lost.empty()) return Verdict::no("something answers at the addresses of the name");
  const Opinions said = split_opinions(about);
  const Opinion* cloud = who_knows_others(said.clouds_own, got);
  const Opinion* other = cloud ? cloud : who_knows_others(said.configured, got);
  if (other) {
    std::ranges::copy(other->evidence, std::back_inserter(lost));
    return stale(about, std::move(lost), got, cloud ? Confidence::likely : Confidence::possible,
                 cloud ? 4 : 15,
                 "the resolver " + other->resolver + " gives " + joined(other->addresses));
  }
  const bool endpoint = about.profile->address == Expected::private_address;
  if (!endpoint) return Verdict::no("the profile expects no private endpoint");
  const bool outside = std::ranges::any_of(
      got, [&](const Address& address) { return is_outside_own_vpc(about, address); });
  if (outside)
    return stale(about, std::move(lost), got, Confidence::possible, 36,
                 "they are in none of the ranges of this host's VPC");
  return stale(about, std::move(lost), got, Confidence::possible, 83,
               "an endpoint that is made anew gets new addresses");
}

Verdict match_zone_name_down(const Case& about) {
  if (!is_zonal(about.target.host)) return Verdict::no("the name is not the one of a zone");
  const auto paths = experiment::paths(about, experiment::kRegionalName);
  const auto works = std::ranges::find_if(paths, &experiment::Path::answered);
  const Step view = application_view(about);
  const bool no_address = view.failed_with(Failure::nxdomain) || view.failed_with(Failure::nodata);
  std::vector<int> proof = no_address ? std::vector<int>{view.n} : lost_connects(about);
  if (proof.empty()) return Verdict::no("the zone answers");
  std::vector<int> regional = experiment::questions(about, experiment::kRegionalName);
  std::erase_if(regional, [&](int n) { return about.evidence.find(n)->failure.has_value(); });
  if (regional.empty()) return Verdict::no("the regional name was not seen to resolve");
  std::ranges::copy(regional, std::back_inserter(proof));
  if (works == paths.end()) {
    if (!no_address) return Verdict::no("the regional name does not work either");
    Verdict verdict = Verdict::yes(Confidence::likely, Severity::error, std::move(proof));
    verdict.rank = 5;
    return verdict;
  }
  proof.push_back(works->last_n);
  // Silence of one zone has the other explanations of silence; a name that is gone has none.
  Verdict verdict = Verdict::yes(no_address ? Confidence::certain : Confidence::likely,
                                 Severity::error, std::move(proof));
  verdict.rank = 2;
  return verdict;
}

Verdict match_throttled(const Case& about) {
  std::vector<Opinion> wavering;
  std::ranges::copy_if(opinions(about), std::back_inserter(wavering),
                       [](const Opinion& opinion) { return opinion.wavers(); });
  if (wavering.empty()) return Verdict::no("each resolver answers every question, or none");
  const Step view = application_view(about);
  const bool keeps_out = view.failed_with(Failure::timed_out);
  Verdict verdict =
      keeps_out ? at_the_view(about, Confidence::possible, 60, wavering)
                : Verdict::yes(Confidence::possible, Severity::warning, evidence_of(wavering),
                               {{"resolvers", resolvers_of(wavering)}});
  verdict.rank = 60;
  return verdict;
}

}  // namespace plumb::dns
