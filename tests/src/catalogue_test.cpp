#include "src/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include "probe/diagnose/diagnose.hpp"
#include "probe/diagnose/match.hpp"
#include "probe/model/keys.hpp"
#include "src/evidence_file.hpp"
#include "src/recording.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb {
namespace {

using test::CaseBuilder;

TEST(Catalogue, IdsAreUniqueAndWellFormed) {
  const std::regex shape("(dns|tcp|tls|mysql|session|cloud|client)-[a-z0-9-]+|unclassified");
  std::set<std::string_view> ids;
  for (const Cause* cause : catalogue()) {
    EXPECT_TRUE(ids.insert(cause->id).second) << cause->id;
    EXPECT_TRUE(std::regex_match(std::string(cause->id), shape)) << cause->id;
    EXPECT_EQ(find_cause(cause->id), cause);
  }
  EXPECT_EQ(find_cause("no-such-cause"), nullptr);
}

TEST(Catalogue, EveryRowIsComplete) {
  for (const Cause* cause : catalogue()) {
    EXPECT_FALSE(cause->title.empty()) << cause->id;
    EXPECT_FALSE(cause->shows_as.empty()) << cause->id;
    EXPECT_FALSE(cause->summary.empty()) << cause->id;
    EXPECT_FALSE(cause->source.empty()) << cause->id;
    EXPECT_FALSE(cause->remedy.empty()) << cause->id;
    for (const RemedyTemplate& remedy : cause->remedy)
      EXPECT_FALSE(remedy.text.empty()) << cause->id;
    EXPECT_FALSE(cause->look_alikes.empty() && cause->decide_by.empty()) << cause->id;
  }
}

TEST(Catalogue, WhatIsSupersededExists) {
  for (const Cause* cause : catalogue())
    for (const std::string_view id : cause->supersedes)
      EXPECT_NE(find_cause(id), nullptr) << cause->id << " → " << id;
}

// One random step after another: whatever the evidence, the rules of the report hold.
Case random_case(std::mt19937& random) {
  const auto one_of = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  CaseBuilder builder(one_of(2) ? "db.example.com:4000" : "db.example.com");
  builder.profile(profiles()[one_of(profiles().size())].name)
      .tls_policy(static_cast<TlsMode>(one_of(5)));
  const auto failure = [&]() -> std::optional<Failure> {
    if (one_of(3)) return std::nullopt;
    return static_cast<Failure>(one_of(Names<Failure>::list.size()));
  };
  if (one_of(8) == 0) builder.local({}, false);
  for (std::size_t i = 0, n = one_of(3); i < n; ++i)
    builder.asked("10.0.0.2:53", {"10.1.1.1"}, failure());
  if (one_of(3))
    builder.view({one_of(2) ? "10.1.1.1" : "192.0.2.1"}, failure(), one_of(4) ? "dns" : "hosts");
  for (std::size_t i = 0, n = one_of(4); i < n; ++i) {
    builder.connect("10.1.1." + std::to_string(i) + (one_of(2) ? ":4000" : ":3306"), failure());
    if (one_of(2)) builder.then(Phase::greeting, failure());
    if (one_of(2)) builder.tls(one_of(2), one_of(2), one_of(2), failure());
    if (one_of(2)) builder.login(one_of(2) ? "account" : "anonymous", failure());
  }
  return builder.build();
}

void expect_sound(const Case& about, const Finding& finding) {
  EXPECT_FALSE(finding.summary.empty()) << finding.id;
  EXPECT_TRUE(finding.severity < Severity::warning || !finding.remedy.empty()) << finding.id;
  EXPECT_TRUE(finding.confidence == Confidence::certain || !finding.decide_by.empty())
      << finding.id;
  EXPECT_FALSE(finding.evidence.empty()) << finding.id;
  for (const int n : finding.evidence) EXPECT_NE(about.evidence.find(n), nullptr) << finding.id;
}

TEST(Catalogue, AnyEvidenceGivesASoundReport) {
  std::mt19937 random(20261121);
  for (int round = 0; round < 1000 && !testing::Test::HasFailure(); ++round) {
    const Case about = random_case(random);
    const Diagnosis diagnosis = diagnose(about, catalogue());
    const bool troubled =
        diagnosis.outcome == Outcome::failed || diagnosis.outcome == Outcome::degraded;
    EXPECT_EQ(troubled, !diagnosis.cause().empty());
    const bool warned = std::ranges::any_of(
        diagnosis.findings, [](const Finding& f) { return f.severity >= Severity::warning; });
    EXPECT_FALSE(diagnosis.outcome == Outcome::ok && warned);
    EXPECT_TRUE(warned || !troubled);
    EXPECT_TRUE(diagnosis.outcome != Outcome::failed ||
                diagnosis.findings.at(0).severity >= Severity::error);
    for (const Finding& finding : diagnosis.findings) expect_sound(about, finding);
  }
}

TEST(Catalogue, EveryFailureOfAConnectOrANameHasACause) {
  for (const Failure failure :
       {Failure::refused, Failure::timed_out, Failure::host_unreachable, Failure::net_unreachable,
        Failure::admin_prohibited, Failure::no_route, Failure::permission_denied,
        Failure::address_unavailable}) {
    const Case about =
        CaseBuilder("h:1").resolved({"10.0.0.1"}).connect("10.0.0.1:1", failure).build();
    EXPECT_NE(diagnose(about, catalogue()).cause(), "unclassified") << to_string(failure);
  }
  for (const Failure failure :
       {Failure::nxdomain, Failure::nodata, Failure::servfail, Failure::query_refused,
        Failure::timed_out, Failure::malformed_answer}) {
    const Case about = CaseBuilder("h:1").unresolved(failure).build();
    EXPECT_NE(diagnose(about, catalogue()).cause(), "unclassified") << to_string(failure);
  }
}

constexpr std::array<const char*, 6> kAnswers{"10.0.0.1", "8.8.8.8",   "2600:1f18::1",
                                              "fd00::1",  "127.0.0.1", "no address"};

// A recording with some steps lost, mended, broken or robbed of facts.
Case variation(Case about, std::mt19937& random) {
  const auto one_of = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  Evidence varied;
  for (Observation& seen : about.evidence.observations) {
    if (one_of(12) == 0) continue;
    if (one_of(one_of(2) ? 4 : 2) == 0) seen.failure.reset();
    if (one_of(12) == 0) seen.failure = static_cast<Failure>(one_of(Names<Failure>::list.size()));
    if (one_of(8) == 0) {
      const Facts all = std::exchange(seen.facts, {});
      for (const auto& [name, value] : all)
        if (one_of(4) != 0) seen.facts.set_raw(name, value);
    }
    if (seen.phase == Phase::resolve && one_of(3) == 0)
      seen.facts.set(key::dns_answers, std::vector<std::string>{kAnswers[one_of(kAnswers.size())]});
    seen.after = std::min(seen.after, static_cast<int>(varied.observations.size()));
    varied.add(std::move(seen));
  }
  about.evidence = std::move(varied);
  if (one_of(3) == 0) about.profile = &profiles()[one_of(profiles().size())];
  if (one_of(6) == 0) about.policy.account = "root";
  if (one_of(6) == 0) about.purpose = static_cast<Purpose>(one_of(4));
  return about;
}

// The causes that hold although nothing shows that they need.
std::set<std::string> overlooked(const Case& about) {
  std::set<std::string> ids;
  const Signs signs = signs_of(about);
  for (const Cause* cause : catalogue())
    if (!cause->needs.empty() && !signs.any_of(cause->needs) && ask(about, *cause).matched)
      ids.emplace(cause->id);
  return ids;
}

TEST(Catalogue, NoCauseHoldsWithoutASignThatItNeeds) {
  std::mt19937 random(20261122);
  for (const RecordingText& recording : shipped_recordings()) {
    const auto read = parse_evidence(recording.evidence.substr(0, recording.evidence.find('\n')));
    ASSERT_TRUE(read.about) << recording.name;
    EXPECT_THAT(overlooked(*read.about), testing::IsEmpty()) << recording.name;
    for (int i = 0; i < 40; ++i)
      ASSERT_THAT(overlooked(variation(*read.about, random)), testing::IsEmpty())
          << recording.name << ", variation " << i;
  }
}

}  // namespace
}  // namespace plumb
