#include "probe/diagnose/shared_fault.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb {
namespace {

// A report by hand: `root` stands on the observations of `proof`; no root, no trouble.
Report report_of(std::string host, std::vector<Observation> seen, std::string root = "",
                 Layer layer = Layer::dns, std::vector<int> proof = {1}) {
  Report report;
  report.about.target.host = std::move(host);
  report.about.target.port = 4000;
  report.about.profile = find_profile("mysql");
  for (Observation& one : seen) report.about.evidence.add(std::move(one));
  report.diagnosis.outcome = root.empty() ? Outcome::ok : Outcome::failed;
  if (root.empty()) return report;
  Finding finding;
  finding.id = std::move(root);
  finding.layer = layer;
  finding.severity = Severity::error;
  finding.evidence = std::move(proof);
  report.diagnosis.findings = {finding};
  return report;
}

Observation asked(std::string resolver, std::optional<Failure> failure,
                  std::vector<std::string> answers = {}) {
  Observation seen;
  seen.phase = Phase::resolve;
  seen.resolver = std::move(resolver);
  seen.failure = failure;
  if (!answers.empty()) seen.facts.set(key::dns_answers, std::move(answers));
  return seen;
}

Observation at(Phase phase, std::string endpoint, std::optional<Failure> failure = std::nullopt) {
  Observation seen;
  seen.phase = phase;
  seen.endpoint = std::move(endpoint);
  seen.failure = failure;
  return seen;
}

Observation trusted_by(std::string ca, bool ok) {
  Observation seen = at(Phase::tls, "10.0.0.9:4000",
                        ok ? std::nullopt : std::optional(Failure::certificate_untrusted));
  seen.facts.set(key::tls_trust, std::move(ca));
  seen.facts.set(key::tls_chain_ok, ok);
  return seen;
}

Observation in_groups(std::vector<std::string> groups) {
  Observation seen;
  seen.facts.set(key::local_groups, std::move(groups));
  return seen;
}

Report timed_out_at(std::string host, std::string resolver) {
  return report_of(std::move(host), {asked(std::move(resolver), Failure::timed_out)},
                   "dns-resolver-timeout");
}

Report silent_at(std::string host, std::string endpoint) {
  return report_of(std::move(host), {at(Phase::connect, std::move(endpoint), Failure::timed_out)},
                   "tcp-endpoint-sg-blocks-port", Layer::tcp);
}

std::string told(const std::vector<Report>& reports) {
  std::string out;
  for (const SharedFault& fault : shared_faults(reports)) {
    out += (out.empty() ? "" : "; ") + std::string(to_string(fault.what));
    for (const auto* list : {&fault.values, &fault.causes, &fault.targets}) {
      out += " ";
      for (const std::string& one : *list) out += (out.ends_with(' ') ? "" : ",") + one;
    }
  }
  return out;
}

TEST(SharedFault, AResolverThatAnswersNobodyIsNamedOnce) {
  EXPECT_EQ(told({timed_out_at("a", "10.0.0.2:53"), timed_out_at("b", "10.0.0.2:53"),
                  timed_out_at("c", "10.0.0.2:53"), silent_at("d", "10.0.0.4:4000")}),
            "resolver 10.0.0.2:53 dns-resolver-timeout a:4000,b:4000,c:4000");
}

TEST(SharedFault, AResolverThatAnsweredAnotherNameIsNotWhatTheyShare) {
  const Report well = report_of("w", {asked("10.0.0.2:53", std::nullopt, {"10.0.0.9"})});
  const Report elsewhere = report_of("e",
                                     {asked("10.0.0.2:53", std::nullopt, {"10.0.0.9"}),
                                      at(Phase::connect, "10.0.0.9:4000", Failure::refused)},
                                     "tcp-refused-no-listener", Layer::tcp, {2});
  for (const Report& exonerating : {well, elsewhere}) {
    std::vector<Report> reports{timed_out_at("a", "10.0.0.2:53"), timed_out_at("b", "10.0.0.2:53"),
                                timed_out_at("c", "10.0.0.2:53"), exonerating};
    EXPECT_EQ(told(reports), "");
    std::ranges::reverse(reports);
    EXPECT_EQ(told(reports), "") << "the order of the reports makes no difference";
  }
}

TEST(SharedFault, TwoAreEnoughOnlyIfTheyAreAll) {
  const std::vector<Report> two{timed_out_at("a", "10.0.0.2:53"), timed_out_at("b", "10.0.0.2:53")};
  EXPECT_EQ(told(two), "resolver 10.0.0.2:53 dns-resolver-timeout a:4000,b:4000");
  EXPECT_EQ(told({two[0], two[1], silent_at("c", "10.0.0.4:4000")}), "");
  EXPECT_EQ(told({two[0], two[0], two[0]}), "") << "one target, three times";
}

TEST(SharedFault, DifferentRootCausesAreNotAdded) {
  Report servfail = timed_out_at("c", "10.0.0.2:53");
  servfail.diagnosis.findings[0].id = "dns-servfail";
  EXPECT_EQ(told({timed_out_at("a", "10.0.0.2:53"), timed_out_at("b", "10.0.0.2:53"), servfail}),
            "");
}

TEST(SharedFault, ResolversThatTheSameTargetsShareAreToldTogether) {
  std::vector<Report> reports;
  for (const char* host : {"a", "b", "c"})
    reports.push_back(report_of(
        host, {asked("10.0.0.2:53", Failure::timed_out), asked("10.0.1.2:53", Failure::timed_out)},
        "dns-resolver-timeout", Layer::dns, {1, 2}));
  EXPECT_EQ(told(reports),
            "resolver 10.0.0.2:53,10.0.1.2:53 dns-resolver-timeout a:4000,b:4000,c:4000");
}

TEST(SharedFault, TheResolverOfAWrongAnswerNotTheOneThatContradictsIt) {
  std::vector<Report> reports;
  for (const char* host : {"a", "b", "c"})
    reports.push_back(report_of(host,
                                {asked("10.0.0.2:53", std::nullopt, {"203.0.113.5"}),
                                 asked("10.9.9.9:53", std::nullopt, {"10.0.0.5"})},
                                "dns-custom-resolver-bypasses-vpc", Layer::dns, {1, 2}));
  EXPECT_EQ(told(reports),
            "resolver 10.0.0.2:53 dns-custom-resolver-bypasses-vpc a:4000,b:4000,c:4000");
}

TEST(SharedFault, OneAddressBehindManyNamesUnlessSomebodyLogsInThere) {
  std::vector<Report> reports;
  for (const char* host : {"a", "b", "c"})
    reports.push_back(report_of(host,
                                {at(Phase::connect, "10.0.0.9:4000"),
                                 at(Phase::greeting, "10.0.0.9:4000", Failure::mysql_error)},
                                "mysql-host-blocked-1129", Layer::mysql, {2}));
  EXPECT_EQ(told(reports), "address 10.0.0.9 mysql-host-blocked-1129 a:4000,b:4000,c:4000");
  reports.push_back(report_of("d", {at(Phase::login, "10.0.0.9:3306")}));
  EXPECT_EQ(told(reports), "");
}

TEST(SharedFault, OneCaFileBehindManyServersUnlessItVerifiesOne) {
  std::vector<Report> reports;
  for (int i = 0; i < 3; ++i) {
    Observation tls = trusted_by("/etc/old-ca.pem", false);
    tls.endpoint = "10.0.0." + std::to_string(i) + ":4000";
    reports.push_back(report_of(std::string(1, static_cast<char>('a' + i)), {tls},
                                "tls-wrong-ca-for-deployment", Layer::tls));
  }
  EXPECT_EQ(told(reports), "ca /etc/old-ca.pem tls-wrong-ca-for-deployment a:4000,b:4000,c:4000");
  reports.push_back(report_of("d", {trusted_by("/etc/old-ca.pem", true)}));
  EXPECT_EQ(told(reports), "");
}

TEST(SharedFault, ACaFileThatVerifiesIsNotBlamedForAnExpiredCertificate) {
  std::vector<Report> reports;
  for (int i = 0; i < 3; ++i) {
    Observation tls = trusted_by("/etc/ca.pem", true);
    tls.endpoint = "10.0.0." + std::to_string(i) + ":4000";
    tls.failure = Failure::certificate_expired;
    reports.push_back(report_of(std::string(1, static_cast<char>('a' + i)), {tls},
                                "tls-certificate-expired", Layer::tls));
  }
  EXPECT_EQ(told(reports), "");
}

TEST(SharedFault, TheGroupsOfThisHostWhileNothingGetsOut) {
  std::vector<Report> reports;
  for (int i = 0; i < 3; ++i) {
    reports.push_back(silent_at(std::string(1, static_cast<char>('a' + i)),
                                "10.0.0." + std::to_string(i) + ":1"));
    reports.back().about.evidence.add(in_groups({"sg-1", "sg-2"}));
  }
  EXPECT_EQ(told(reports),
            "security-group sg-1,sg-2 tcp-endpoint-sg-blocks-port a:4000,b:4000,c:4000");
  reports.push_back(report_of("d", {at(Phase::connect, "127.0.0.1:3306")}));
  EXPECT_NE(told(reports), "") << "what stays in this host passes no group";
  // A healthy target brings no groups: nothing was asked about it.
  reports.push_back(report_of("e", {at(Phase::connect, "10.0.9.9:3306")}));
  EXPECT_EQ(told(reports), "");
}

Report zone_down(std::string endpoint_id, std::string dead, std::string works) {
  const std::string host = "vpce-" + endpoint_id + ".vpce-svc-9.us-east-1.vpce.amazonaws.com";
  std::vector<Observation> seen{at(Phase::connect, dead + ":4000", Failure::timed_out),
                                at(Phase::login, works + ":4000")};
  for (const auto& [letter, address] : {std::pair('a', works), std::pair('b', dead)}) {
    Observation zonal = asked("10.0.0.2:53", std::nullopt, {address});
    zonal.facts.set(key::path_experiment, std::string(experiment::kZonalName));
    zonal.facts.set(key::dns_question_name, "vpce-" + endpoint_id + "-us-east-1" + letter +
                                                ".vpce-svc-9.us-east-1.vpce.amazonaws.com");
    seen.push_back(std::move(zonal));
  }
  Report report = report_of(host, seen, "tcp-partial-az-failure", Layer::tcp);
  report.diagnosis.outcome = Outcome::degraded;
  return report;
}

TEST(SharedFault, OneZoneBehindManyEndpointsUnlessAnAddressOfItWorks) {
  std::vector<Report> reports{zone_down("0a-1", "10.0.2.1", "10.0.1.1"),
                              zone_down("0b-2", "10.0.2.2", "10.0.1.2"),
                              zone_down("0c-3", "10.0.2.3", "10.0.1.3")};
  const std::vector<SharedFault> found = shared_faults(reports);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, SharedThing::zone);
  EXPECT_EQ(found[0].values, std::vector<std::string>{"us-east-1b"});
  EXPECT_EQ(found[0].targets.size(), 3U);
  reports.push_back(zone_down("0d-4", "10.0.1.4", "10.0.2.4"));
  reports.back().about.target.host = "vpce-0d-4-us-east-1b.vpce-svc-9.us-east-1.vpce.amazonaws.com";
  reports.back().about.evidence = {};
  reports.back().about.evidence.add(at(Phase::login, "10.0.2.4:4000"));
  reports.back().diagnosis = {Outcome::ok, {}, {}};
  EXPECT_EQ(told(reports), "");
}

TEST(SharedFault, TroubleOfThisHostWhileNoTargetIsWell) {
  std::vector<Report> reports;
  for (int i = 0; i < 2; ++i)
    reports.push_back(report_of(
        std::string(1, static_cast<char>('a' + i)),
        {at(Phase::connect, "10.0.0." + std::to_string(i) + ":4000", Failure::permission_denied)},
        "tcp-local-firewall", Layer::tcp));
  EXPECT_EQ(told(reports), "cause tcp-local-firewall tcp-local-firewall a:4000,b:4000");
  reports.push_back(report_of("c", {}));
  EXPECT_EQ(told(reports), "");
}

TEST(SharedFault, WhatIsWellOrCouldNotBeMeasuredSharesNothing) {
  Report unknown = timed_out_at("b", "10.0.0.2:53");
  unknown.diagnosis.outcome = Outcome::unknown;
  EXPECT_EQ(told({unknown, unknown, report_of("w", {})}), "");
  EXPECT_EQ(told({}), "");
}

TEST(SharedFault, OfManyTargetsTheFirstAreNamedAndAllAreCounted) {
  SharedFaults counted;
  constexpr std::size_t kMany = 5000;
  for (std::size_t i = 0; i < kMany; ++i)
    counted.count(timed_out_at("host" + std::to_string(100'000 + i), "10.0.0.2:53"));
  const std::vector<SharedFault> found = counted.list();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].count, kMany);
  EXPECT_EQ(found[0].targets.size(), SharedFaults::kMostNames);
  EXPECT_EQ(found[0].targets.front(), "host100000:4000");
  EXPECT_EQ(found[0].targets.back(), "host100999:4000");
}

// Each of very many has a dead address of its own; one address is dead behind several of them.
TEST(SharedFault, WhatManyShareIsFoundAmongMoreThingsThanAreKept) {
  SharedFaults counted;
  for (int i = 0; i < 50'000; ++i) {
    const std::string host = "h" + std::to_string(i);
    const std::string own = "10." + std::to_string(i / 65536) + "." +
                            std::to_string(i / 256 % 256) + "." + std::to_string(i % 256) + ":4000";
    counted.count(silent_at(host, i % 10 == 0 ? "192.0.2.1:4000" : own));
  }
  const std::vector<SharedFault> found = counted.list();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].values, std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(found[0].count, 5000U);
}

}  // namespace
}  // namespace plumb
