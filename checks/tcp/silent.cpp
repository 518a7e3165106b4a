#include "checks/tcp/silent.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "checks/places.hpp"
#include "checks/tcp/partial.hpp"
#include "checks/tcp/pinned_target.hpp"
#include "checks/tcp/silence.hpp"
#include "probe/model/cloud.hpp"

namespace plumb::tcp {
namespace {

constexpr int kBehindWhatIsOnTheWay = 100;

// Nothing at all answers this host: neither the target's ports nor what must work from here.
bool is_cut_off(const Silence& silence) {
  return silence.control_fails && (silence.other_ports_silent || !silence.greets_on);
}

Verdict ranked(Verdict verdict, int rank) {
  if (verdict.matched) verdict.rank = rank;
  return verdict;
}

// The rows say what decides in AWS's words; where the endpoint is known to be elsewhere, these do.
Verdict decided(const Case& about, Verdict verdict, std::string_view elsewhere) {
  const std::string_view there = in_cloud(about, {elsewhere, elsewhere, elsewhere});
  if (verdict.matched && !there.empty()) verdict.decide_by = there;
  return verdict;
}

// A refusal by the host itself, which a load balancer passes on from its target. It is an
// explanation of its own (tcp-refused-no-listener), so the load balancer's part is only told as a
// fault where one is known to stand there.
Verdict refused_behind_balancer(const Case& about, int rank, std::string_view why_not) {
  if (!some_connect_failed(about)) return Verdict::no(why_not);
  const Attempts attempts = attempts_of(about);
  std::vector<Attempt> refused = attempts.failed_with({Failure::refused});
  std::erase_if(refused, is_icmp_reject);
  if (refused.empty() || attempts.some_worked()) return Verdict::no(why_not);
  const bool known = about.profile->behind_load_balancer;
  Verdict verdict =
      Verdict::yes(Confidence::possible, known ? Severity::error : Severity::info, numbers(refused),
                   {{"silent", describe(refused, places_tried(about))}});
  verdict.rank = rank;
  return verdict;
}

constexpr std::string_view kWhatForbids = "A policy, a rule of its firewall or a sandbox";

void told(Verdict& verdict, std::string_view who, std::string counted, std::string_view what) {
  verdict.bindings.emplace_back("forbids", "Nothing answers, and " + std::string(who));
  verdict.bindings.emplace_back("counted", std::move(counted));
  verdict.bindings.emplace_back("behind", what);
}

// Not certain: a queue of this host that is full counts as well.
Verdict held_back(Verdict verdict, const Silence& silence) {
  const bool shared = silence.failed < silence.resent;
  const bool of_others = silence.failed > silence.resent;  // not only SYNs are sent again
  const std::string of = of_others ? "" : " of " + std::to_string(silence.resent);
  verdict.confidence = Confidence::likely;
  verdict.rank = 0;
  told(verdict, "probably this host itself drops",
       ": the kernel counted " + std::to_string(silence.failed) + of +
           " retransmissions that could not leave this host" +
           (shared ? ", those to the target among them." : "."),
       kWhatForbids);
  return verdict;
}

Verdict answers_dropped(Verdict verdict, const Silence& silence) {
  verdict.rank += kBehindWhatIsOnTheWay;
  verdict.decide_by =
      "sudo nft list ruleset (or iptables-save) on this host: a rule for what comes in drops what "
      "comes from tcp/{port}. In a container, look on its host too.";
  told(verdict, "possibly this host itself drops the answers to",
       ": its SYNs left (sent again " + std::to_string(silence.resent) + " times, " +
           (silence.failed == 0 ? "none" : "none of those to the target") + " held back).",
       "A rule for what comes in, or one outside this network namespace,");
  return verdict;
}

bool is_dedicated(const Case& about) { return about.profile->product == Product::tidb_dedicated; }

// What shuts a Dedicated cluster shows as silence or as RST: the vendor's documents do not say.
Verdict dedicated(const Case& about, const Candidate& what) {
  const Verdict silent = candidate(about, what);
  return silent.matched ? silent : refused_behind_balancer(about, what.rank, silent.because);
}

}  // namespace

Verdict match_endpoint_sg(const Case& about) {
  const Silence silence = silence_of(about);
  Verdict verdict = candidate(
      about, silence,
      {.rank = 10, .cloud = Cloud::aws, .of_endpoint = true, .minds_source_address = true});
  return silence.by_source_address ? ranked(std::move(verdict), 2) : verdict;
}

Verdict match_default_sg(const Case& about) {
  return candidate(about, {.rank = 20,
                           .cloud = Cloud::aws,
                           .of_endpoint = true,
                           .whole_address = true,
                           .minds_source_address = true});
}

Verdict match_rejected(const Case& about) {
  const Verdict silent = candidate(
      about, {.rank = 35, .cloud = Cloud::aws, .of_endpoint = true, .whole_address = true});
  if (silent.matched || about.profile->address != Expected::private_address) return silent;
  if (!some_connect_failed(about)) return silent;
  // The kernel asks for the neighbour in vain: nobody has the address any more.
  const Attempts attempts = attempts_of(about);
  std::vector<Attempt> gone = attempts.failed_with({Failure::host_unreachable});
  std::erase_if(gone, [](const Attempt& attempt) { return has_icmp(*attempt.seen); });
  if (gone.empty() || attempts.some_worked()) return silent;
  Verdict verdict = Verdict::yes(Confidence::possible, Severity::error, numbers(gone),
                                 {{"silent", describe(gone, places_tried(about))}});
  verdict.rank = 110;
  return verdict;
}

Verdict match_wrong_port(const Case& about) {
  const Silence silence = silence_of(about);
  Verdict verdict = candidate(about, silence, {.rank = 40});
  const auto& asked = about.target.port;
  const auto& customary = about.profile->port;
  if (!verdict.matched) return verdict;
  // To try the port that was just silent would decide nothing.
  const bool off_custom = customary && asked && *asked != *customary;
  const bool on_4000 = asked.value_or(customary.value_or(std::uint16_t{0})) == 4000;
  const std::uint16_t other = silence.greets_on ? *silence.greets_on
                              : off_custom      ? *customary
                              : on_4000         ? std::uint16_t{3306}
                                                : std::uint16_t{4000};
  verdict.bindings.emplace_back("other_port", std::to_string(other));
  verdict.bindings.emplace_back("how_sure",
                                silence.greets_on && !silence.held_back ? "Probably" : "Possibly");
  constexpr std::string_view kElsewhere =
      "plumb check {host}:{other_port} gets an answer; the connection dialog, or the load "
      "balancer's owner, says on which port it listens.";
  verdict = decided(about, std::move(verdict), kElsewhere);
  if (silence.held_back) return verdict;  // nothing was learnt of this port
  if (silence.greets_on) {
    verdict.confidence = Confidence::likely;
    verdict.rank = 1;
    if (verdict.decide_by.empty())
      verdict.decide_by =
          "Provider: aws elbv2 describe-listeners --load-balancer-arn <nlb>: Listeners[].Port "
          "lacks {port}; if it is there, a security group admits {other_port} only.";
  } else if (silence.other_ports_silent) {
    verdict.rank = 78;
  } else if (off_custom) {
    verdict.confidence = Confidence::likely;
    verdict.rank = 5;
  } else if (silence.refuses_on) {
    verdict.rank = 5;
  }
  return verdict;
}

Verdict match_client_egress(const Case& about) {
  const Cloud cloud = client_cloud(about);
  if (cloud == Cloud::azure || cloud == Cloud::gcp)
    return Verdict::no("this host's cloud has no security groups of that kind");
  const Silence silence = silence_of(about);
  Verdict verdict =
      decided(about, candidate(about, silence, {.rank = 50, .minds_source_address = true}),
              "aliyun ecs DescribeSecurityGroupAttribute --SecurityGroupId <client-sg> --Direction "
              "egress: a rule drops tcp/{port}.");
  if (silence.by_source_address || is_cut_off(silence)) return ranked(std::move(verdict), 3);
  return verdict;
}

Verdict match_nacl(const Case& about) {
  const Verdict silent =
      candidate(about, {.rank = 60, .cloud = Cloud::aws, .minds_source_address = true});
  return silent.matched ? silent : partial_by_nacl(about);
}

Verdict match_nacl_return(const Case& about) {
  const Silence silence = silence_of(about);
  Verdict verdict = candidate(
      about, silence,
      {.rank = 62, .cloud = Cloud::aws, .minds_source_port = true, .minds_source_address = true});
  if (!verdict.matched) return verdict;
  if (silence.by_source_port) {
    verdict.rank = 1;
    // Not certain: a connection or two may have had luck with a load balancer's targets.
    verdict.confidence =
        silence.steadily_by_source_port ? Confidence::likely : Confidence::possible;
  }
  verdict.bindings.emplace_back("how_sure",
                                silence.steadily_by_source_port ? "Probably" : "Possibly");
  return verdict;
}

Verdict match_azure(const Case& about) {
  return candidate(about, {.rank = 10, .cloud = Cloud::azure, .minds_source_address = true});
}
Verdict match_gcp(const Case& about) {
  return candidate(about, {.rank = 10, .cloud = Cloud::gcp, .minds_source_address = true});
}
Verdict match_alibaba(const Case& about) {
  return candidate(
      about,
      {.rank = 10, .cloud = Cloud::alibaba, .of_endpoint = true, .minds_source_address = true});
}

Verdict silent_without_route(const Case& about) {
  const Silence silence = silence_of(about);
  Verdict verdict = decided(
      about,
      candidate(about, silence, {.rank = 90, .whole_address = true, .minds_source_address = true}),
      "The route table of this host's subnet: no route leads to {address}, or it leads nowhere.");
  if (!verdict.matched) return verdict;
  const bool elsewhere = about.profile->access == Access::peering ||
                         std::ranges::any_of(silence.silent, [&](const Attempt& attempt) {
                           return is_outside_own_vpc(about, attempt.endpoint.address);
                         });
  if (is_cut_off(silence)) return ranked(std::move(verdict), 6);
  return elsewhere ? ranked(std::move(verdict), 25) : verdict;
}

// The kernel's counters tell of the way out; of what comes in they tell nothing.
Verdict silent_at_this_host(const Case& about) {
  const Silence silence = silence_of(about);
  Verdict verdict =
      candidate(about, silence, {.rank = 95, .minds_source_address = true, .at_this_host = true});
  if (!verdict.matched) return verdict;
  if (silence.counted) verdict.evidence.push_back(*silence.counted);
  if (silence.held_back) return held_back(std::move(verdict), silence);
  if (silence.left) return answers_dropped(std::move(verdict), silence);
  told(verdict, "possibly this host itself drops", ".", kWhatForbids);
  return is_cut_off(silence) ? ranked(std::move(verdict), 4) : verdict;
}

Verdict match_target_sg(const Case& about) {
  return decided(about, candidate(about, {.rank = 70}),
                 "The service's owner: whether the database admits its load balancer's addresses.");
}
Verdict match_nlb_sg_enforced(const Case& about) {
  return candidate(about, {.rank = 72, .cloud = Cloud::aws, .of_endpoint = true});
}

Verdict match_stale_target(const Case& about) {
  Verdict moved = pinned_target_left(about);
  if (moved.matched) return moved;
  Verdict verdict = candidate(about, {.rank = 80});
  if (!verdict.matched) verdict = refused_behind_balancer(about, 120, verdict.because);
  verdict.bindings.emplace_back("kind", "guess");
  const std::string silent(verdict.bound("silent"));
  if (!silent.empty())
    verdict.bindings.insert(
        verdict.bindings.end(),
        {{"what", "No connection comes about at " + silent},
         {"who",
          "Possibly the database moved (failover, resize) and the load balancer still sends to "
          "its old address"}});
  return decided(about, std::move(verdict),
                 endpoint_cloud(about) == Cloud::alibaba
                     ? "aliyun nlb ListServerGroupServers --ServerGroupId <sgp>: ServerIp differs "
                       "from the database's present address."
                     : "The service's owner: whether the load balancer's target is the database's "
                       "present address.");
}

Verdict match_target_unhealthy(const Case& about) {
  const Silence silence = silence_of(about);
  constexpr std::string_view kElsewhere =
      "The service's owner: whether the load balancer's targets are healthy.";
  Verdict verdict = decided(about, candidate(about, silence, {.rank = 85}), kElsewhere);
  if (!verdict.matched) {
    Verdict partial = partial_that_comes_and_goes(about, 6);
    return decided(
        about,
        partial.matched ? std::move(partial) : refused_behind_balancer(about, 130, verdict.because),
        kElsewhere);
  }
  return silence.comes_and_goes ? ranked(std::move(verdict), 6) : verdict;
}

Verdict match_port_allocation(const Case& about) {
  const Silence silence = silence_of(about);
  if (silence.silent.empty()) return partial_that_comes_and_goes(about, 5);
  if (!silence.comes_and_goes) return Verdict::no("it does not come and go");
  return ranked(candidate(about, silence, {.of_endpoint = true}), 5);
}

Verdict match_access_list(const Case& about) {
  if (!is_dedicated(about) || about.profile->access != Access::public_endpoint)
    return Verdict::no("the target is no public endpoint of a Dedicated cluster");
  return dedicated(about, {.rank = 5, .whole_address = true, .minds_source_address = true});
}

Verdict match_dms_internet(const Case& about) {
  if (about.purpose != Purpose::dms_source && about.purpose != Purpose::dms_target)
    return Verdict::no("the purpose is not AWS DMS");
  const Silence silence = silence_of(about);
  if (!silence.silent.empty() && !is_public_target(silence.silent))
    return Verdict::no("the target is not on the internet");
  return candidate(about, silence,
                   {.rank = 8, .whole_address = true, .minds_source_address = true});
}

Verdict match_paused(const Case& about) {
  if (!is_dedicated(about)) return Verdict::no("the target is no Dedicated cluster");
  return dedicated(about, {.rank = 45, .whole_address = true});
}

}  // namespace plumb::tcp
