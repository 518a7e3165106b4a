#include "src/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <regex>

#include "src/catalogue.hpp"
#include "src/run_scenario.hpp"

namespace plumb {

// Else ctest names each story's bytes.
void PrintTo(const ScenarioText& story, std::ostream* out) { *out << story.name; }

namespace {

using testing::HasSubstr;

WallTime now() { return std::chrono::system_clock::now(); }

std::string parse_error(std::string_view yaml) {
  const auto parsed = parse_scenario({"story", yaml}, now());
  return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "";
}

class EveryScenario : public testing::TestWithParam<ScenarioText> {};

TEST_P(EveryScenario, ComesOutAsItsStorySays) { EXPECT_EQ(failing(GetParam(), now()), ""); }

// What the catalogue leaves open in a sentence, the verdict fills: a person reads no <placeholder>.
// A host that is only nearly right does not tell its region.
TEST_P(EveryScenario, LeavesNothingOpenInItsSentences) {
  const auto parsed = parse_scenario(GetParam(), now());
  static const std::regex open("<(?!region>)[a-z][a-z_-]*>");
  for (const Report& report : run_scenario(std::get<Scenario>(parsed)))
    for (const Finding& finding : report.diagnosis.findings)
      EXPECT_FALSE(std::regex_search(finding.summary, open)) << finding.id << finding.summary;
}

INSTANTIATE_TEST_SUITE_P(Shipped, EveryScenario,
                         testing::ValuesIn(shipped_scenarios().begin(), shipped_scenarios().end()),
                         [](const auto& story) {
                           std::string name(story.param.name);
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

// Causes that no story of this world can show, each with its reason.
const std::map<std::string_view, std::string_view> kWithoutScenario = {
    {"client-harm-budget-spent", "needs a memory of earlier runs: tests/probe/engine"},
    {"tls-ocsp-hardfail", "a fault of other clients alone: plumb asks for no revocation status"},
    {"dns-private-dns-conflict", "only the control plane shows whose an address is"},
    {"dns-resolver-throttled-1024pps", "a scripted resolver answers both address types alike"},
    {"tcp-idle-timeout-reset", "needs a session that is idle for minutes"},
    {"tcp-unhealthy-by-design", "it works; only the control plane shows health"},
    {"cloud-heatwave-hostname-wrong", "needs the profile, which no host name tells"},
    {"cloud-principal-not-allowed", "the endpoint cannot be made"},
    {"cloud-az-id-mismatch", "the endpoint cannot be made"},
    {"cloud-endpoint-policy-or-quota", "the endpoint cannot be made"},
    {"cloud-endpoint-wrong-type", "an endpoint without any address"},
    {"cloud-alibaba-service-zone-not-selected", "the connection cannot be made"},
    {"cloud-dms-ssl-mode-invalid", "a field of DMS"},
    {"cloud-dms-ca-wrong", "a file in DMS"},
    {"cloud-dms-secretsmanager-unreachable", "DMS and Secrets Manager, without the database"},
    {"cloud-reachability-analyzer-verdict", "a verdict of the control plane, no fault"}};

TEST(Scenarios, EveryCauseHasAStory) {
  std::set<std::string> told;
  for (const ScenarioText& text : shipped_scenarios()) {
    const auto parsed = parse_scenario(text, now());
    ASSERT_TRUE(std::holds_alternative<Scenario>(parsed)) << std::get<std::string>(parsed);
    const Expectation& expect = std::get<Scenario>(parsed).expect;
    told.insert(expect.cause);
    told.insert(expect.findings.begin(), expect.findings.end());
    told.insert(expect.notes.begin(), expect.notes.end());
  }
  for (const Cause* cause : catalogue()) {
    const bool excused = kWithoutScenario.count(cause->id) > 0;
    const bool is_told = told.count(std::string(cause->id)) > 0;
    if (!cause->match) continue;
    EXPECT_NE(is_told, excused) << cause->id << (excused ? ": excused and told" : ": no story");
  }
}

TEST(Scenario, UnknownKeysAndMissingPartsAreErrors) {
  EXPECT_THAT(parse_error("{story: s, target: db, expect: {outcome: ok}, extra: 1}"),
              HasSubstr("unknown key 'extra'"));
  EXPECT_THAT(parse_error("{target: db, expect: {outcome: ok}}"), HasSubstr("no story"));
  EXPECT_THAT(parse_error("{story: s, target: db}"), HasSubstr("no expectation"));
  EXPECT_THAT(parse_error("{story: s, target: db, expect: {outcome: fine}}"), HasSubstr("outcome"));
  EXPECT_THAT(parse_error("{story: s, target: '', expect: {outcome: ok}}"),
              HasSubstr("story.yaml"));
  EXPECT_THAT(parse_error("{story: ["), HasSubstr("story.yaml"));
  EXPECT_THAT(parse_error("{story: s, target: db, options: {tls: maybe}, expect: {outcome: ok}}"),
              HasSubstr("no TLS mode"));
}

TEST(Scenario, ADifferentVerdictIsADisagreement) {
  Expectation expected;
  expected.outcome = Outcome::failed;
  expected.cause = "a";
  expected.findings = {"a"};
  Diagnosis diagnosis;
  diagnosis.outcome = Outcome::ok;
  EXPECT_THAT(disagreement(expected, diagnosis), HasSubstr("outcome is ok"));
  diagnosis.outcome = Outcome::failed;
  Finding finding;
  finding.severity = Severity::error;
  finding.id = "b";
  diagnosis.findings = {finding};
  EXPECT_THAT(disagreement(expected, diagnosis), HasSubstr("cause is b"));
  finding.id = "a";
  diagnosis.findings.insert(diagnosis.findings.begin(), finding);
  EXPECT_THAT(disagreement(expected, diagnosis), HasSubstr("findings are a, b"));
  diagnosis.findings.pop_back();
  EXPECT_EQ(disagreement(expected, diagnosis), "");
  expected.ruled_out = {"c"};
  EXPECT_THAT(disagreement(expected, diagnosis), HasSubstr("not ruled out: c"));
  expected.ruled_out.clear();
  expected.notes = {"d"};
  EXPECT_THAT(disagreement(expected, diagnosis), HasSubstr("not noted: d"));
}

}  // namespace
}  // namespace plumb
