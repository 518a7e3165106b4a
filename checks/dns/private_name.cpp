#include "checks/dns/private_name.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "checks/deployment.hpp"
#include "checks/dns/opinions.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {
namespace {

constexpr std::string_view kKnownThere = "another resolver gives private addresses";
constexpr std::string_view kNoTrouble = "the name leads to a private address, or needs none";
constexpr std::string_view kNotPrivate = "the name is none that private DNS provides";

template <class Wanted>
std::vector<Opinion> those(const std::vector<Opinion>& all, Wanted wanted) {
  std::vector<Opinion> some;
  std::ranges::copy_if(all, std::back_inserter(some), wanted);
  return some;
}

std::vector<Opinion> who_know(const std::vector<Opinion>& all) {
  return those(all, [](const Opinion& o) { return o.knows_private(); });
}

std::vector<Opinion> who_do_not(const std::vector<Opinion>& all) {
  return those(all, [](const Opinion& o) { return o.denies() || o.only_public(); });
}

// The name gives no private address although it should, and this is not the configured resolver's
// doing alone.
std::string_view why_not_private_dns(const Case& about, const Opinions& said) {
  // An alias of one's own that ends at such a name lacks the same.
  if (!is_private_dns_name(about) && !is_private_dns_host(dead_end(about))) return kNotPrivate;
  if (!name_is_in_trouble(about)) return kNoTrouble;
  const Step view = application_view(about);
  const bool denied = view.failed_with(Failure::nxdomain) || view.failed_with(Failure::nodata);
  if (view.seen->failure && !denied) return "the resolvers do not say whether the name exists";
  const bool known = !who_know(said.clouds_own).empty() || !who_know(said.configured).empty();
  return known ? kKnownThere : std::string_view();
}

// What the cloud's own says of the name, if it says anything; else what the configured ones say.
const std::vector<Opinion>& best_informed(const Opinions& said) {
  return who_do_not(said.clouds_own).empty() ? said.configured : said.clouds_own;
}

// Beside one that works: who asks this resolver gets another answer.
Verdict beside(std::vector<Opinion> odd, const std::vector<Opinion>& right) {
  std::vector<int> proof = evidence_of(odd);
  std::ranges::copy(evidence_of(right), std::back_inserter(proof));
  return Verdict::yes(Confidence::certain, Severity::warning, std::move(proof),
                      {{"resolvers", resolvers_of(odd)}});
}

// Nobody asked the cloud's own resolver: then it may know the name, or not.
Verdict perhaps_custom_resolver(const Case& about, const Opinions& said) {
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  if (!said.clouds_own.empty())
    return Verdict::no("the cloud's own resolver gives no private address either");
  if (said.configured.empty()) return Verdict::no("no resolver was asked");
  Verdict verdict = at_the_view(about, Confidence::possible, 40, said.configured);
  verdict.bindings.emplace_back("knows", "possibly the VPC's own resolver does");
  verdict.decide_by = decide_elsewhere(about);
  return verdict;
}

// Silence denies nothing, and only one of the two attributes brings it about.
Verdict with_words(Verdict verdict, std::string says, std::string_view which) {
  verdict.bindings.emplace_back("says", std::move(says));
  verdict.bindings.emplace_back("which", which);
  return verdict;
}

// "prod.aws.tidbcloud.com" is above "gateway01.us-east-1.prod.aws.tidbcloud.com".
bool is_above(std::string_view zone, std::string_view host) {
  return !zone.empty() && host.size() > zone.size() && host.ends_with(zone) &&
         host[host.size() - zone.size() - 1] == '.';
}

bool is_providers_own_zone(std::string_view zone) {
  constexpr std::array<std::string_view, 6> kZones{
      "tidbcloud.com", "tidb-cloud.com", "clusters.tidb-cloud.com",
      "amazonaws.com", "aliyuncs.com",   "com"};
  return std::ranges::find(kZones, zone) != kZones.end();
}

Verdict in_other_cloud(const Case& about, Cloud cloud, std::string_view why_elsewhere) {
  if (client_cloud(about) != cloud || endpoint_cloud(about) != cloud)
    return Verdict::no(why_elsewhere);
  const Opinions said = split_opinions(about);
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  // How these names resolve there is not documented: possible is all that packets can say.
  return at_the_view(about, Confidence::possible, 10, best_informed(said));
}

}  // namespace

Verdict match_custom_resolver(const Case& about) {
  const Opinions said = split_opinions(about);
  std::vector<Opinion> right = who_know(said.clouds_own);
  const bool is_the_clouds = !right.empty();
  // Two configured resolvers that disagree: one of them lacks the private names.
  if (right.empty() && (is_private_dns_name(about) || is_endpoint_name(about.target.host)))
    right = who_know(said.configured);
  if (right.empty()) return perhaps_custom_resolver(about, said);
  std::vector<Opinion> odd = who_do_not(said.configured);
  if (odd.empty()) return Verdict::no("the configured resolvers know what the cloud's own knows");
  const bool only_empty = std::ranges::none_of(
      odd, [](const Opinion& o) { return o.only_public() || o.denies_with(Failure::nxdomain); });
  if (only_empty && !is_private_dns_name(about))
    return Verdict::no("the configured resolver knows the name and leaves its addresses out");
  Bindings bound{{"resolvers", resolvers_of(odd)}, {"knows", resolvers_of(right) + " does"}};
  if (!name_is_in_trouble(about)) {
    Verdict verdict = beside(std::move(odd), right);
    verdict.bindings = std::move(bound);
    if (!is_the_clouds) verdict.confidence = Confidence::likely;
    if (only_empty) verdict.confidence = Confidence::possible;  // it may leave private ones out
    return verdict;
  }
  std::ranges::copy(right, std::back_inserter(odd));
  // A name of public DNS may as well be blocked on the way to the custom resolver.
  const bool may_be_blocked = is_endpoint_name(about.target.host) || !is_the_clouds;
  const Confidence sure = only_empty       ? Confidence::possible
                          : may_be_blocked ? Confidence::likely
                                           : Confidence::certain;
  Verdict verdict = at_the_view(about, sure, only_empty ? 30 : 5, odd);
  verdict.bindings = std::move(bound);
  return verdict;
}

Verdict match_private_dns_off(const Case& about) {
  const Cloud cloud = endpoint_cloud(about);
  if (cloud != Cloud::aws && cloud != Cloud::unknown)
    return Verdict::no("the endpoint is not in AWS, as far as is known");
  const Opinions said = split_opinions(about);
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  const std::vector<Opinion> denying = who_do_not(said.clouds_own);
  if (!denying.empty()) return at_the_view(about, Confidence::likely, 10, denying);
  return at_the_view(about, Confidence::possible, 20, said.configured);
}

Verdict match_vpc_attributes(const Case& about) {
  const Cloud cloud = client_cloud(about);
  if (cloud != Cloud::aws && cloud != Cloud::unknown) return Verdict::no("this host is not in AWS");
  if (!name_is_in_trouble(about)) return Verdict::no(kNoTrouble);
  const Opinions said = split_opinions(about);
  const std::vector<Opinion> mute =
      those(said.clouds_own, [](const Opinion& o) { return o.is_mute() && !o.over_tcp; });
  const bool all_mute = !mute.empty() && mute.size() == said.clouds_own.size();
  // Neither a security group nor a network ACL can silence this resolver.
  if (all_mute) {
    Verdict silent =
        at_the_view(about, cloud == Cloud::aws ? Confidence::likely : Confidence::possible,
                    cloud == Cloud::aws ? 5 : 15, mute);
    return with_words(std::move(silent), "gets no answer from " + resolvers_of(mute),
                      "enableDnsSupport is");
  }
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  const Cloud there = endpoint_cloud(about);
  if (there != Cloud::aws && there != Cloud::unknown)
    return Verdict::no("the endpoint is not in AWS, as far as is known");
  const std::vector<Opinion>& informed = best_informed(said);
  Verdict denied =
      at_the_view(about, Confidence::possible, said.clouds_own.empty() ? 45 : 20, informed);
  return with_words(std::move(denied),
                    "gives no private address, according to " + resolvers_of(informed),
                    "enableDnsSupport or enableDnsHostnames is");
}

Verdict match_onprem_forwarder(const Case& about) {
  const Opinions said = split_opinions(about);
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  if (client_cloud(about) != Cloud::unknown) return Verdict::no("this host is in a cloud");
  const std::string* metadata = where_am_i(about, key::local_metadata);
  const bool asked_in_vain = metadata && *metadata == "silent";
  return at_the_view(about, Confidence::possible, asked_in_vain ? 12 : 42, said.configured);
}

Verdict match_shadowing(const Case& about) {
  if (!name_is_in_trouble(about)) return Verdict::no("the name resolves");
  const std::vector<Opinion> all = opinions(about);
  std::vector<Opinion> denying = those(
      all, [&](const Opinion& o) { return o.denies() && is_above(o.soa, about.target.host); });
  if (denying.empty()) return Verdict::no("no negative answer names a zone above the host");
  if (!dead_end(about).empty()) return Verdict::no("the name is there, and is an alias");
  const Opinions said = split_opinions(about);
  if (!who_know(said.clouds_own).empty()) return Verdict::no(kKnownThere);
  const std::string zone = denying.front().soa;
  const bool by_the_cloud = denying.front().clouds_own;
  const bool known_elsewhere = std::ranges::any_of(
      said.configured, [](const Opinion& opinion) { return !opinion.addresses.empty(); });
  if (!is_private_dns_name(about) && !by_the_cloud)
    return Verdict::no("that zone may well be the one that the name belongs to");
  const bool splits = by_the_cloud && known_elsewhere;
  // A name that needs no private zone more often does not exist at all (dns-nxdomain, 50).
  const int rank = splits                        ? 8
                   : !is_private_dns_name(about) ? 52
                   : is_providers_own_zone(zone) ? 46
                                                 : 30;
  Verdict verdict =
      at_the_view(about, splits ? Confidence::likely : Confidence::possible, rank, denying);
  verdict.bindings.emplace_back("zone", zone);
  verdict.decide_by = in_cloud(
      about,
      {.azure = "az network private-dns zone list: a zone {zone} that is linked to this VNet.",
       .gcp = "gcloud dns managed-zones list: a private zone {zone} of this network.",
       .alibaba = "aliyun pvtz DescribeZones: a zone {zone} that is bound to this VPC."});
  return verdict;
}

Verdict match_azure_zone(const Case& about) {
  return in_other_cloud(about, Cloud::azure, "this host is not in Azure, as far as is known");
}

Verdict match_psc_record(const Case& about) {
  return in_other_cloud(about, Cloud::gcp, "this host is not in Google Cloud, as far as is known");
}

Verdict match_unverified_domain(const Case& about) {
  const Cloud cloud = endpoint_cloud(about);
  if (cloud != Cloud::aws && cloud != Cloud::unknown)
    return Verdict::no("the endpoint is not in AWS, as far as is known");
  const Opinions said = split_opinions(about);
  const std::string_view why_not = why_not_private_dns(about, said);
  if (!why_not.empty()) return Verdict::no(why_not);
  return at_the_view(about, Confidence::possible, 48, best_informed(said));
}

}  // namespace plumb::dns
