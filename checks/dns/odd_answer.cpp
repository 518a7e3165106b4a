#include "checks/dns/odd_answer.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "checks/deployment.hpp"
#include "checks/dns/answers.hpp"
#include "checks/dns/host_shape.hpp"
#include "checks/dns/opinions.hpp"
#include "checks/tcp/attempts.hpp"
#include "checks/tcp/silence.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::dns {
namespace {

Severity unless_it_works(const Case& about) {
  return some_connect_worked(about) ? Severity::warning : Severity::error;
}

bool is_local_name(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host.ends_with(".localdomain");
}

bool comes_from_hosts_file(const Step& view) {
  return view.seen->facts.get_or(key::dns_source, std::string()) == "hosts";
}

std::vector<Address> of_class(const std::vector<Address>& all,
                              std::initializer_list<AddressClass> classes) {
  std::vector<Address> out;
  std::ranges::copy_if(all, std::back_inserter(out), [&](const Address& address) {
    return std::ranges::find(classes, address.classify()) != classes.end();
  });
  return out;
}

bool same_set(std::vector<Address> a, std::vector<Address> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

// What DNS says, of the families that the hosts file names: a v4 line beside an AAAA record is no
// conflict.
std::vector<Address> dns_addresses(const Case& about, const std::vector<Address>& in_hosts,
                                   std::vector<int>& proof) {
  std::vector<Address> out;
  for (const Step& step : questions(about)) {
    if (step.name() != about.target.host) continue;
    std::vector<Address> given = step.addresses();
    std::erase_if(given, [&](const Address& address) {
      const bool other_family = std::ranges::none_of(
          in_hosts, [&](const Address& local) { return local.is_v4() == address.is_v4(); });
      return other_family || std::ranges::find(out, address) != out.end();
    });
    if (!given.empty()) proof.push_back(step.n);
    out.insert(out.end(), given.begin(), given.end());
  }
  return out;
}

// DNS gives nothing to compare with, and nothing answers at the address of the hosts file: then the
// line is a candidate among those of silence.
Verdict perhaps_dead_line(const Case& about, const Step& view) {
  std::vector<int> proof = tcp::silence_of(about).evidence;
  if (proof.empty()) return Verdict::no("DNS gives no other address than the hosts file");
  proof.push_back(view.n);
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, std::move(proof));
  verdict.bindings = {
      {"in_hosts", joined(view.addresses())},
      {"in_dns", "nothing that could confirm it"},
      {"line", view.seen->facts.get_or(key::dns_hosts_line, std::string("/etc/hosts"))}};
  verdict.decide_by =
      "From another host, whose hosts file does not name {host}: dig +short {host} gives another "
      "address.";
  verdict.rank = 84;
  return verdict;
}

// A private address where one is expected, or in the client's own network, and DNS gives only public
// ones: then the line may be there on purpose and right, and what stops the client lies behind it.
bool may_be_right(const Case& about, const std::vector<Address>& in_hosts,
                  const std::vector<Address>& in_dns) {
  return std::ranges::all_of(in_hosts,
                             [&](const Address& a) { return is_private_here(about, a); }) &&
         std::ranges::all_of(in_dns, [&](const Address& a) { return is_public_here(about, a); });
}

// The cloud's own resolver denies the name: so does its firewall, if it blocks with NXDOMAIN.
Verdict perhaps_firewall(const Case& about) {
  const std::vector<Opinion> own = split_opinions(about).clouds_own;
  const bool denied =
      std::ranges::any_of(own, [](const Opinion& o) { return o.denies_with(Failure::nxdomain); });
  if (!denied || !dead_end(about).empty())
    return Verdict::no("the cloud's own resolver was not heard to deny the name");
  Verdict verdict = at_the_view(about, Confidence::possible, 56, own);
  verdict.bindings = {{"answer", "that the name does not exist"}};
  return verdict;
}

// A global IPv6 address, and nobody knows the client's network: then it is a candidate where nothing
// answers there.
Verdict perhaps_public(const Case& about, const Step& view, const std::vector<Address>& global) {
  std::vector<int> proof = tcp::silence_of(about).evidence;
  const bool inside = std::ranges::any_of(
      global, [&](const Address& address) { return is_private_here(about, address); });
  if (inside || proof.empty()) return Verdict::no("the address may be the endpoint's own");
  proof.push_back(view.n);
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, std::move(proof),
                                 {{"public", "the perhaps public address " + joined(global)}});
  verdict.rank = 88;
  return verdict;
}

Verdict leads_to_public(const Case& about) {
  if (about.profile->address != Expected::private_address)
    return Verdict::no("the profile does not ask for a private address");
  const Step view = application_view(about);
  if (!view.seen) return Verdict::no("no name was resolved");
  std::vector<Address> global = of_class(view.addresses(), {AddressClass::global});
  if (global.empty()) return Verdict::no("the name leads to no public address");
  if (is_of_another_profile(about)) return Verdict::no("the name is of another kind of endpoint");
  const std::vector<Address> undecided = global;
  std::erase_if(global, [&](const Address& address) { return !is_public_here(about, address); });
  if (global.empty()) return perhaps_public(about, view, undecided);
  const Opinions said = split_opinions(about);
  if (std::ranges::any_of(said.clouds_own, [](const Opinion& o) { return o.knows_private(); }))
    return Verdict::no("the cloud's own resolver gives private addresses");
  // A resolver of one's own may go past the cloud's, which nobody has heard then.
  std::vector<Opinion> agree;
  std::ranges::copy_if(said.clouds_own, std::back_inserter(agree),
                       [](const Opinion& o) { return o.only_public(); });
  std::vector<int> proof{view.n};
  std::ranges::copy(evidence_of(agree), std::back_inserter(proof));
  Verdict verdict =
      Verdict::yes(agree.empty() ? Confidence::likely : Confidence::certain, unless_it_works(about),
                   std::move(proof), {{"public", "the public address " + joined(global)}});
  verdict.rank = 8;
  verdict.decide_by = decide_elsewhere(about);
  return verdict;
}

}  // namespace

Verdict match_public_address(const Case& about) {
  Verdict verdict = leads_to_public(about);
  const bool peering = about.profile->access == Access::peering;
  verdict.bindings.emplace_back("kind", peering ? "peering" : "endpoint");
  if (verdict.matched && peering)
    verdict.decide_by =
        "The host that the connection dialog shows for VPC peering, and what another resolver "
        "gives for it.";
  return verdict;
}

Verdict match_hosts_override(const Case& about) {
  const Step view = application_view(about);
  if (!view.seen || !comes_from_hosts_file(view))
    return Verdict::no("the hosts file does not name the target");
  const std::vector<Address> local = view.addresses();
  std::vector<int> proof{view.n};
  const std::vector<Address> given = dns_addresses(about, local, proof);
  if (given.empty()) return perhaps_dead_line(about, view);
  if (same_set(local, given)) return Verdict::no("the hosts file agrees with DNS");
  const bool tried =
      std::ranges::any_of(experiment::first_pass(about.evidence),
                          [](const Observation& seen) { return seen.phase == Phase::connect; });
  const bool fails = tried && !some_connect_worked(about);
  Verdict verdict = Verdict::yes(fails ? Confidence::likely : Confidence::certain,
                                 fails ? Severity::error : Severity::warning, std::move(proof));
  verdict.bindings = {
      {"in_hosts", joined(local)},
      {"in_dns", joined(given)},
      {"dns_address", given.front().to_string()},
      {"line", view.seen->facts.get_or(key::dns_hosts_line, std::string("/etc/hosts"))}};
  if (!fails || !may_be_right(about, local, given)) return verdict;
  verdict.confidence = Confidence::possible;
  verdict.rank = 84;
  const std::vector<int> failed = tcp::numbers(tcp::attempts_of(about).all);
  verdict.evidence.insert(verdict.evidence.begin(), failed.begin(), failed.end());
  return verdict;
}

Verdict match_sinkhole(const Case& about) {
  const Step view = application_view(about);
  if (!view.seen) return Verdict::no("no name was resolved");
  if (view.failed_with(Failure::nodata)) {
    Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, {view.n},
                                   {{"answer", "no address at all"}});
    verdict.rank = 20;
    return verdict;
  }
  if (view.failed_with(Failure::nxdomain)) return perhaps_firewall(about);
  if (is_local_name(about.target.host) || comes_from_hosts_file(view))
    return Verdict::no("the answer does not come from DNS");
  const std::vector<Address> all = view.addresses();
  const std::vector<Address> sunk =
      of_class(all, {AddressClass::unspecified, AddressClass::loopback});
  if (sunk.empty() || sunk.size() != all.size())
    return Verdict::no("the answer holds a real address");
  if (some_connect_worked(about)) return Verdict::no("the address accepts connections");
  return Verdict::yes(Confidence::likely, Severity::error, {view.n}, {{"answer", joined(sunk)}});
}

Verdict match_unusable_family(const Case& about) {
  if (about.target.literal()) return Verdict::no("the target is an address");
  const tcp::Attempts attempts = tcp::attempts_of(about);
  if (!attempts.unusable.empty())
    return Verdict::yes(Confidence::certain, Severity::info, tcp::numbers(attempts.unusable),
                        {{"failing", tcp::describe(attempts.unusable)}, {"lacks", "IPv6 route"}});
  const bool only_v6 =
      !attempts.all.empty() && std::ranges::all_of(attempts.all, tcp::has_no_way_out);
  if (!only_v6) return Verdict::no("the name has an address of a family that this host can use");
  const bool no_address = !attempts.failed_with({Failure::address_unavailable}).empty();
  Verdict verdict = Verdict::yes(Confidence::certain, Severity::error, tcp::numbers(attempts.all),
                                 {{"failing", tcp::describe(attempts.all)},
                                  {"lacks", no_address ? "usable IPv6 address" : "IPv6 route"}});
  // The same error where every local port is taken.
  const auto has_ipv6 = tcp::has_ipv6(about);
  if (no_address && has_ipv6 != false)
    verdict.confidence = has_ipv6 ? Confidence::possible : Confidence::likely;
  return verdict;
}

}  // namespace plumb::dns
