#include "checks/dns/opinions.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "checks/deployment.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {
namespace {

// AWS (v4, v6), Azure, Google Cloud, Alibaba Cloud.
constexpr std::array<std::string_view, 6> kCloudsOwn{"169.254.169.253", "fd00:ec2::253",
                                                     "168.63.129.16",   "169.254.169.254",
                                                     "100.100.2.136",   "100.100.2.138"};

// AWS's resolver is at the network's address plus two; elsewhere any host may be there.
bool is_vpc_plus_two(const Case& about, const Address& address) {
  const auto* ranges = where_am_i(about, key::local_vpc_cidrs);
  if (!ranges || !address.is_v4() || client_cloud(about) != Cloud::aws) return false;
  return std::ranges::any_of(*ranges, [&](const std::string& range) {
    const auto network = Address::parse(range.substr(0, range.find('/')));
    if (!network || !network->is_v4()) return false;
    auto bytes = network->bytes();
    bytes[3] = static_cast<std::uint8_t>(bytes[3] + 2);
    return std::equal(bytes.begin(), bytes.begin() + 4, address.bytes().begin());
  });
}

// Asked beside the configured ones because the user said that it is the VPC's (--vpc-resolver).
bool is_beside_configured(const Case& about, const std::string& resolver) {
  const auto* configured = where_am_i(about, key::local_resolvers);
  if (!configured) return false;
  const auto is_configured = [&](const std::string& one) {
    return std::ranges::find(*configured, one) != configured->end();
  };
  const auto endpoint = Endpoint::parse(resolver);
  const auto upstreams = application_view(about).seen
                             ? application_view(about).seen->facts.get_or(key::dns_upstreams, {})
                             : std::vector<std::string>{};
  const bool upstream =
      endpoint && std::ranges::find(upstreams, endpoint->address.to_string()) != upstreams.end();
  const bool by_resolv_conf = std::ranges::any_of(
      questions(about), [&](const Step& step) { return is_configured(step.seen->resolver); });
  return by_resolv_conf && !upstream && !is_configured(resolver);
}

bool is_clouds_own(const Case& about, const std::string& resolver) {
  const auto endpoint = Endpoint::parse(resolver);
  if (!endpoint) return false;
  const std::string address = endpoint->address.to_string();
  return std::ranges::find(kCloudsOwn, address) != kCloudsOwn.end() ||
         is_vpc_plus_two(about, endpoint->address) || is_beside_configured(about, resolver);
}

bool no_answer(Failure failure) {
  return failure != Failure::nxdomain && failure != Failure::nodata && failure != Failure::servfail;
}

void note(const Case& about, Opinion& opinion, const Step& step) {
  opinion.evidence.push_back(step.n);
  for (const Address& address : step.addresses()) {
    opinion.addresses.push_back(address);
    opinion.privates += is_private_here(about, address) ? 1 : 0;
    opinion.publics += is_public_here(about, address) ? 1 : 0;
  }
  if (step.seen->failure) opinion.failures.push_back(*step.seen->failure);
  if (opinion.soa.empty()) opinion.soa = step.seen->facts.get_or(key::dns_soa, std::string());
}

std::vector<Step> all_questions(const Case& about) {
  std::vector<Step> all = questions(about);
  for (const int n : experiment::questions(about, experiment::kCloudResolver))
    if (const Observation* seen = about.evidence.find(n); seen->failure != Failure::cancelled)
      all.push_back({seen, n});
  return all;
}

bool is_an_answer(const Observation& seen) {
  return !seen.failure || !no_answer(*seen.failure) || seen.failure == Failure::query_refused;
}

void note_over_tcp(const Case& about, std::vector<Opinion>& all) {
  for (const int n : experiment::questions(about, experiment::kResolverOverTcp)) {
    const Observation* seen = about.evidence.find(n);
    const auto asked = std::ranges::find(all, seen->resolver, &Opinion::resolver);
    if (asked != all.end() && is_an_answer(*seen)) asked->over_tcp = n;
  }
}

}  // namespace

bool Opinion::knows_private() const { return privates > 0; }

bool Opinion::only_public() const { return !addresses.empty() && publics == addresses.size(); }

bool Opinion::denies() const {
  return addresses.empty() && !failures.empty() &&
         std::ranges::all_of(failures, [](Failure failure) {
           return failure == Failure::nxdomain || failure == Failure::nodata;
         });
}

bool Opinion::denies_with(Failure failure) const {
  return denies() && std::ranges::find(failures, failure) != failures.end();
}

bool Opinion::is_mute() const {
  return addresses.empty() && failures.size() == evidence.size() &&
         std::ranges::all_of(failures, no_answer);
}

bool Opinion::wavers() const {
  const bool silent = std::ranges::find(failures, Failure::timed_out) != failures.end();
  const bool all_silent =
      failures.size() == evidence.size() &&
      std::ranges::all_of(failures, [](Failure f) { return f == Failure::timed_out; });
  return silent && !all_silent;
}

std::vector<Opinion> opinions(const Case& about) {
  std::vector<Opinion> all;
  for (const Step& step : all_questions(about)) {
    if (step.name() != about.target.host || step.seen->resolver.empty()) continue;
    auto known = std::ranges::find(all, step.seen->resolver, &Opinion::resolver);
    if (known == all.end()) {
      const bool followed = experiment::is_followup(*step.seen);
      Opinion opinion;
      opinion.resolver = step.seen->resolver;
      opinion.clouds_own = followed || is_clouds_own(about, step.seen->resolver);
      known = all.insert(all.end(), std::move(opinion));
    }
    note(about, *known, step);
  }
  note_over_tcp(about, all);
  return all;
}

Opinions split_opinions(const Case& about) {
  Opinions split;
  for (Opinion& opinion : opinions(about))
    (opinion.clouds_own ? split.clouds_own : split.configured).push_back(std::move(opinion));
  return split;
}

std::vector<int> evidence_of(const std::vector<Opinion>& some) {
  std::vector<int> out;
  for (const Opinion& opinion : some) std::ranges::copy(opinion.evidence, std::back_inserter(out));
  return out;
}

std::string resolvers_of(const std::vector<Opinion>& some) {
  std::string out;
  for (const Opinion& opinion : some) out += (out.empty() ? "" : ", ") + opinion.resolver;
  return out;
}

std::string_view decide_elsewhere(const Case& about) {
  return in_cloud(
      about,
      {.azure = "plumb check {target} --vpc-resolver 168.63.129.16: it gives private addresses, or "
                "does not.",
       .gcp = "plumb check {target} --vpc-resolver 169.254.169.254: it gives private addresses, or "
              "does not.",
       .alibaba = "plumb check {target} --vpc-resolver 100.100.2.136: it gives private addresses, "
                  "or does not."});
}

std::string dead_end(const Case& about) {
  for (const Step& step : failed(all_questions(about), {Failure::nxdomain, Failure::nodata})) {
    const auto chain = step.seen->facts.get_or(key::dns_cname_chain, {});
    if (step.name() == about.target.host && !chain.empty()) return chain.back();
  }
  return {};
}

bool name_is_in_trouble(const Case& about) {
  const Step view = application_view(about);
  if (!view.seen) return false;
  if (view.seen->failure) return true;
  if (about.profile->address != Expected::private_address) return false;
  return std::ranges::any_of(
      view.addresses(), [&](const Address& address) { return is_public_here(about, address); });
}

Verdict at_the_view(const Case& about, Confidence how_sure, int rank,
                    const std::vector<Opinion>& proof) {
  const Step view = application_view(about);
  std::vector<int> evidence{view.n};
  for (const int n : evidence_of(proof))
    if (n != view.n) evidence.push_back(n);
  const bool works = !view.seen->failure && some_connect_worked(about);
  Verdict verdict =
      Verdict::yes(how_sure, works ? Severity::warning : Severity::error, std::move(evidence));
  verdict.rank = rank;
  if (!proof.empty()) verdict.bindings = {{"resolvers", resolvers_of(proof)}};
  return verdict;
}

}  // namespace plumb::dns
