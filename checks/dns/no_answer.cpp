#include "checks/dns/no_answer.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "checks/deployment.hpp"
#include "checks/dns/answers.hpp"
#include "checks/dns/opinions.hpp"
#include "probe/model/cloud.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {
namespace {

std::string asked_of(const std::vector<Step>& steps) {
  std::set<std::string> seen;
  std::string out;
  for (const Step& step : steps)
    if (!step.seen->resolver.empty() && seen.insert(step.seen->resolver).second)
      out += (out.empty() ? "" : ", ") + step.seen->resolver;
  return out.empty() ? "the resolver" : out;
}

// The first of them as dig takes it: address and port apart.
Bindings bind_resolvers(const std::vector<Step>& steps) {
  Bindings bound{{"resolvers", asked_of(steps)}};
  for (const Step& step : steps) {
    const auto first = Endpoint::parse(step.seen->resolver);
    if (!first) continue;
    bound.emplace_back("server", first->address.to_string());
    bound.emplace_back("server_port", std::to_string(first->port));
    break;
  }
  return bound;
}

// Every resolve step failed: then the first of them stands for what the application would get.
Step failed_view(const Case& about, const std::vector<Step>& asked) {
  const Step view = application_view(about);
  if (view.seen) return view.seen->failure ? view : Step{};
  const bool all_failed =
      std::ranges::all_of(asked, [](const Step& s) { return s.seen->failure.has_value(); });
  return all_failed && !asked.empty() ? asked.front() : Step{};
}

Verdict keeps_out(const Step& view, const std::vector<Step>& proof) {
  std::vector<int> evidence{view.n};
  for (const Step& step : proof)
    if (step.n != view.n) evidence.push_back(step.n);
  return Verdict::yes(Confidence::certain, Severity::error, std::move(evidence),
                      bind_resolvers(proof));
}

Verdict beside(const std::vector<Step>& odd) {
  return Verdict::yes(Confidence::certain, Severity::warning, numbers(odd), bind_resolvers(odd));
}

Verdict match_failure(const Case& about, std::initializer_list<Failure> failures,
                      std::string_view why_not) {
  const std::vector<Step> asked = questions(about);
  const std::vector<Step> odd = failed(asked, failures);
  const Step view = failed_view(about, asked);
  if (view.seen && std::ranges::find(failures, *view.seen->failure) != failures.end())
    return keeps_out(view, odd);
  if (odd.empty()) return Verdict::no(why_not);
  return beside(odd);
}

// Its address says that the client is in AWS, though the metadata service may be hidden.
bool is_aws_link_local(const std::string& resolver) {
  const auto endpoint = Endpoint::parse(resolver);
  if (!endpoint) return false;
  const std::string address = endpoint->address.to_string();
  return address == "169.254.169.253" || address == "fd00:ec2::253";
}

// Silence that other causes explain as well: of the resolver that nothing can block from inside a
// VPC, or of one that answers now and then.
bool names_its_cause(const Case& about) {
  const Cloud cloud = client_cloud(about);
  return std::ranges::any_of(opinions(about), [&](const Opinion& opinion) {
    const bool in_aws =
        cloud == Cloud::aws || (cloud == Cloud::unknown && is_aws_link_local(opinion.resolver));
    return opinion.wavers() ||
           (opinion.clouds_own && opinion.is_mute() && !opinion.over_tcp && in_aws);
  });
}

// Whoever answers over TCP is alive, and what is lost are the questions over UDP.
void note_filtered_udp(const Case& about, Verdict& verdict) {
  std::vector<Opinion> alive = opinions(about);
  std::erase_if(alive, [](const Opinion& o) { return !o.over_tcp || !o.is_mute(); });
  for (const Opinion& opinion : alive) verdict.evidence.push_back(opinion.over_tcp);
  verdict.bindings.emplace_back(
      "silence", alive.empty() ? "gives no usable answer"
                               : "gives no usable answer over UDP, and " + resolvers_of(alive) +
                                     " answers over TCP: UDP port 53 is filtered on the way");
}

}  // namespace

Verdict match_nxdomain(const Case& about) {
  const std::vector<Step> asked = questions(about);
  std::vector<Step> unknown = failed(asked, {Failure::nxdomain});
  const Step view = failed_view(about, asked);
  const Opinions said = split_opinions(about);
  if (std::ranges::any_of(said.clouds_own, [](const Opinion& o) { return o.knows_private(); }))
    return Verdict::no("the cloud's own resolver knows the name");
  if (view.failed_with(Failure::nxdomain)) {
    Verdict verdict = keeps_out(view, unknown);
    // A private name may be denied because private DNS is off, one of no known shape is mistyped.
    const bool well_formed = !profile_for_host(about.target.host).host_pattern.empty();
    const bool in_doubt =
        is_private_dns_name(about) || (is_under_provider_domain(about.target.host) && !well_formed);
    // A resolver that does not know a private zone denies its names just so; so does the cloud's own
    // where a private zone or a firewall stands before the name.
    verdict.confidence = in_doubt ? Confidence::possible : Confidence::likely;
    verdict.rank = 50;
    constexpr std::string_view kElsewhere =
        "The connection dialog (TiDB Cloud API: endpoints[].host): whether {host} is a name that "
        "exists.";
    verdict.decide_by = in_cloud(about, {kElsewhere, kElsewhere, kElsewhere});
    return verdict;
  }
  // With a search list most names that are tried do not exist: only disagreement about one name is
  // odd.
  std::erase_if(unknown, [&](const Step& step) { return !answered_elsewhere(asked, step); });
  if (!unknown.empty() && (is_private_dns_name(about) || is_endpoint_name(about.target.host)))
    return Verdict::no("the name exists: one resolver lacks it");
  if (unknown.empty()) return Verdict::no("no resolver denies a name that another one knows");
  return beside(unknown);
}

Verdict match_dangling_cname(const Case& about) {
  const std::vector<Step> asked = questions(about);
  const Step view = failed_view(about, asked);
  const bool no_such_name = view.failed_with(Failure::nxdomain);
  if (!no_such_name && !view.failed_with(Failure::nodata))
    return Verdict::no("the end of every CNAME chain exists");
  std::vector<Step> dangling = failed(asked, {Failure::nxdomain, Failure::nodata});
  std::erase_if(dangling, [](const Step& step) {
    return step.seen->facts.get_or(key::dns_cname_chain, {}).empty();
  });
  if (dangling.empty()) return Verdict::no("the name is no CNAME");
  const auto knows = [](const Opinion& o) { return !o.addresses.empty(); };
  const Opinions said = split_opinions(about);
  if (std::ranges::any_of(said.clouds_own, knows))
    return Verdict::no("the cloud's own resolver knows where the alias ends");
  Verdict verdict = keeps_out(view, dangling);
  const std::string end = dangling.front().seen->facts.get_or(key::dns_cname_chain, {}).back();
  verdict.bindings.emplace_back("dead_end", end);
  verdict.bindings.emplace_back("lacks", no_such_name ? "does not exist" : "has no address");
  // Only the cloud's own resolver sees what lies in private zones; addresses may be left out of an
  // answer without a word; and a private name may exist where private DNS is on.
  const bool surely = std::ranges::any_of(
      said.clouds_own, [](const Opinion& o) { return o.denies_with(Failure::nxdomain); });
  const bool known_elsewhere = std::ranges::any_of(said.configured, knows);
  if (is_private_dns_host(end) || (!no_such_name && said.clouds_own.empty()))
    verdict.confidence = Confidence::possible;
  else if (!surely || !no_such_name || known_elsewhere)
    verdict.confidence = Confidence::likely;
  verdict.rank = verdict.confidence == Confidence::possible ? 25 : 15;
  for (const Opinion& opinion : said.clouds_own)
    for (const int n : opinion.evidence)
      if (std::ranges::find(verdict.evidence, n) == verdict.evidence.end())
        verdict.evidence.push_back(n);
  return verdict;
}

Verdict match_resolver_timeout(const Case& about) {
  const bool unknown = std::ranges::any_of(
      experiment::first_pass(about.evidence),
      [](const Observation& o) { return !o.facts.get_or(key::local_resolv_conf, true); });
  if (unknown) return Verdict::no("which resolvers are configured is not known");
  // What refuses port 53, cannot be reached or sends garbage is as dead to a client as what stays
  // silent.
  Verdict verdict = match_failure(
      about,
      {Failure::timed_out, Failure::refused, Failure::malformed_answer, Failure::host_unreachable,
       Failure::net_unreachable, Failure::no_route, Failure::admin_prohibited,
       Failure::permission_denied, Failure::reset, Failure::eof},
      "every resolver answers");
  if (!verdict.matched) return verdict;
  note_filtered_udp(about, verdict);
  if (names_its_cause(about)) {
    verdict.confidence = Confidence::likely;
    verdict.rank = 40;
  }
  return verdict;
}

Verdict match_servfail(const Case& about) {
  return match_failure(about, {Failure::servfail}, "no resolver answers SERVFAIL");
}

Verdict match_refused(const Case& about) {
  return match_failure(about, {Failure::query_refused}, "no resolver refuses the question");
}

Verdict match_rebinding(const Case& about) {
  std::vector<Step> asked = questions(about);
  const Step view = failed_view(about, asked);
  std::vector<Step> empty = failed(asked, {Failure::nodata});
  const bool everywhere = view.failed_with(Failure::nodata);
  // Who else was asked counts as somebody who knows, not as somebody who leaves them out.
  for (const int n : experiment::questions(about, experiment::kCloudResolver))
    asked.push_back({about.evidence.find(n), n});
  if (!everywhere)
    std::erase_if(empty, [&](const Step& step) { return !answered_elsewhere(asked, step); });
  if (empty.empty() && !everywhere)
    return Verdict::no("no resolver leaves addresses out of its answer");
  const bool private_elsewhere = std::ranges::any_of(asked, [](const Step& step) {
    return std::ranges::any_of(step.addresses(), [](const Address& address) {
      return address.classify() == AddressClass::private_use;
    });
  });
  if (!everywhere && !private_elsewhere)
    return Verdict::no("the addresses that another resolver gives are not private");
  Verdict verdict = everywhere ? keeps_out(view, empty) : beside(empty);
  verdict.confidence = private_elsewhere ? Confidence::likely : Confidence::possible;
  verdict.rank = about.profile->address == Expected::private_address || private_elsewhere ? 10 : 30;
  return verdict;
}

}  // namespace plumb::dns
