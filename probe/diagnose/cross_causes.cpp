#include "probe/diagnose/cross_causes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "probe/diagnose/passage.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

Verdict match_no_network(const Case& about) {
  if (!has_no_network(about)) return Verdict::no("this host has an interface and an address");
  std::vector<int> proof;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    if (seen.facts.has(key::local_addresses)) proof.push_back(n);
  }
  return Verdict::yes(Confidence::certain, Severity::warning, std::move(proof));
}

Verdict match_limit(const Case& about) {
  std::vector<int> proof;
  std::string lacked;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    const std::string* limit = seen.facts.get(key::client_limit);
    const bool unreadable = !seen.facts.get_or(key::local_resolv_conf, true);
    if (!limit && !unreadable && seen.failure != Failure::local_limit) continue;
    proof.push_back(n);
    if (lacked.empty())
      lacked = limit ? *limit : unreadable ? "a readable /etc/resolv.conf" : seen.raw;
  }
  if (proof.empty())
    return Verdict::no("plumb had the sockets, descriptors and files that it needed");
  if (lacked.empty()) lacked = "a socket or a descriptor";
  return Verdict::yes(Confidence::certain, Severity::warning, std::move(proof),
                      {{"limit", lacked}});
}

// The values of client.harm_budget in the words of a report.
std::string why_spared(const std::string& value) {
  if (value == "login-delayed")
    return "its login answers come later and later (MySQL's connection_control delays refused "
           "logins), so the anonymous login rests and the last finished one stands";
  if (value == "password-refused-elsewhere")
    return "the account's password was refused once in this run and is not sent again";
  if (value == "account-in-use")
    return "other targets were using the account for as long as this server could be kept waiting, "
           "and a password goes to one server at a time until it is accepted there; probe this "
           "target alone to try its account";
  return "connections there could not be finished; they count against this host "
         "(max_connect_errors), and behind a load balancer one host is everybody";
}

Verdict match_harm_budget(const Case& about) {
  std::vector<int> proof;
  std::string why;
  int n = 0;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    ++n;
    const std::string* spared = seen.facts.get(key::client_harm_budget);
    if (!spared) continue;
    proof.push_back(n);
    if (why.empty()) why = why_spared(*spared);
  }
  if (proof.empty()) return Verdict::no("no address had to be spared");
  return Verdict::yes(Confidence::certain, Severity::info, std::move(proof), {{"why", why}});
}

Verdict match_unclassified(const Case&) {
  return Verdict::no("only for what no other cause explains");
}

constexpr std::string_view kWithoutNetwork[] = {
    "tcp-no-route", "dns-resolver-timeout", "dns-aaaa-only-or-unusable-family", "client-fd-limit"};

constexpr RemedyTemplate kNoNetwork[] = {
    {"Bring an interface up and give it an address and a route, then run plumb again.",
     "ip -brief address; ip route"}};
constexpr RemedyTemplate kLimit[] = {
    {"EMFILE, ENFILE: raise the limit of open files for the process that runs plumb.",
     "ulimit -n 65536"},
    {"A file: make it readable for the user that runs plumb.",
     "ls -l /etc/resolv.conf /etc/hosts"}};
constexpr RemedyTemplate kHarmBudget[] = {
    {"For periodic use: give plumb an account of its own that can do nothing (USAGE only). A login "
     "that succeeds resets the server's count, and writes nothing to its log.",
     "CREATE USER 'plumb'@'%' IDENTIFIED BY '<password>' REQUIRE SSL;\n"
     "GRANT USAGE ON *.* TO 'plumb'@'%';"},
    {"Then log in with it.", "plumb check {target} --user plumb --password-file <file>"},
    {"Or wait an hour before probing this address again.", ""}};
constexpr RemedyTemplate kUnclassified[] = {
    {"Save the evidence and report it, so that this fault gets a name.",
     "plumb check {target} --save evidence.jsonl"},
    {"Meanwhile, go by the raw error of the numbered evidence.", ""}};

constexpr std::array<Cause, 4> kCauses{{
    {.id = "client-no-network",
     .layer = Layer::client,
     .severity = Severity::warning,
     .owner = Owner::client,
     .title = "This host has no network: no interface with an address, no route",
     .shows_as =
         "no address other than loopback, no default route; connects fail at once with ENETUNREACH",
     .summary =
         "Nothing could be measured: this host has no address other than loopback and no route.",
     .remedy = kNoNetwork,
     .look_alikes = "tcp-no-route: there is a network, but no route to the target. A container or "
                    "unit started with "
                    "its own empty network namespace looks exactly like this.",
     .decide_by = "",
     .source = "route(8), ip-address(8)",
     .match = match_no_network,
     .supersedes = kWithoutNetwork},
    {.id = "client-fd-limit",
     .layer = Layer::client,
     .severity = Severity::warning,
     .owner = Owner::client,
     .title = "plumb itself lacked a socket, a descriptor or a file",
     .shows_as = "EMFILE, ENFILE, ENOBUFS or ENOMEM from socket(2), or /etc/resolv.conf that "
                 "cannot be read",
     .summary = "plumb could not measure everything: it lacked {limit}. This says nothing about "
                "the target.",
     .remedy = kLimit,
     .look_alikes =
         "tcp-client-ephemeral-exhausted: EADDRNOTAVAIL, which stops the application as well.",
     .decide_by = "",
     .source = "socket(2), getrlimit(2)",
     .match = match_limit},
    {.id = "client-harm-budget-spent",
     .layer = Layer::client,
     .severity = Severity::info,
     .owner = Owner::client,
     .title = "An address was spared, so that probing does not block this host",
     .shows_as = "the fact client.harm_budget on an observation",
     .summary = "plumb holds back at {endpoint}: {why}.",
     .remedy = kHarmBudget,
     .look_alikes = "mysql-host-blocked-1129 is what happens without this restraint.",
     .decide_by = "",
     .source = "MySQL manual, max_connect_errors; README, What it does on your server",
     .match = match_harm_budget},
    {.id = "unclassified",
     .layer = Layer::client,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "The client is kept out and no cause of the catalogue explains it",
     .shows_as = "a failure that no cause matches",
     .summary =
         "A client does not get through, and no known cause explains why. The raw error: {raw}",
     .remedy = kUnclassified,
     .look_alikes = "",
     .decide_by = "The raw error of the numbered evidence, read by somebody who knows the system "
                  "behind {host}.",
     .source = "README, Limits",
     .match = match_unclassified,
     .needs = sign::no_packet},
}};

}  // namespace

std::span<const Cause> cross_causes() { return kCauses; }

const Cause& unclassified_cause() { return kCauses.back(); }

}  // namespace plumb
