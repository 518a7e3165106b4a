#include "src/evidence_file.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "src/output/facts_json.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb {
namespace {

using output::Json;

void expect_same(const Observation& a, const Observation& b) {
  EXPECT_EQ(a.n, b.n);
  EXPECT_EQ(a.after, b.after);
  EXPECT_EQ(a.phase, b.phase);
  EXPECT_EQ(a.endpoint, b.endpoint);
  EXPECT_EQ(a.resolver, b.resolver);
  EXPECT_EQ(a.took, b.took);
  EXPECT_EQ(a.failure, b.failure);
  EXPECT_EQ(a.raw, b.raw);
  EXPECT_EQ(a.facts, b.facts);
}

void expect_same(const Case& a, const Case& b) {
  EXPECT_EQ(a.target.given, b.target.given);
  EXPECT_EQ(a.target.host, b.target.host);
  EXPECT_EQ(a.target.port, b.target.port);
  EXPECT_EQ(a.target.user, b.target.user);
  EXPECT_EQ(a.target.database, b.target.database);
  EXPECT_EQ(a.target.labels, b.target.labels);
  EXPECT_EQ(a.target.cleaned, b.target.cleaned);
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.purpose, b.purpose);
  EXPECT_EQ(a.policy.tls, b.policy.tls);
  EXPECT_EQ(a.policy.server_name, b.policy.server_name);
  EXPECT_EQ(a.policy.ca, b.policy.ca);
  EXPECT_EQ(a.policy.cert_warn_days, b.policy.cert_warn_days);
  EXPECT_EQ(a.policy.account, b.policy.account);
  EXPECT_EQ(a.policy.probe_user, b.policy.probe_user);
  EXPECT_EQ(a.policy.replica_version, b.policy.replica_version);
  EXPECT_EQ(a.started, b.started);
  EXPECT_EQ(a.took, b.took);
  EXPECT_EQ(a.budget, b.budget);
  EXPECT_EQ(a.tool_version, b.tool_version);
  ASSERT_EQ(a.evidence.observations.size(), b.evidence.observations.size());
  for (std::size_t i = 0; i < a.evidence.observations.size(); ++i)
    expect_same(a.evidence.observations[i], b.evidence.observations[i]);
}

Case full() {
  Case about = test::sample("wrong-ca").about;
  about.target = {"jdbc:mysql://app@db:3306/shop",
                  "db",
                  3306,
                  "app",
                  "shop",
                  {{"team", "orders"}},
                  {"a 'jdbc:' prefix"}};
  about.purpose = Purpose::dms_source;
  about.policy = {.tls = TlsMode::verify_ca,
                  .server_name = "name",
                  .ca = "system",
                  .pinned_target = Address::parse("10.0.0.9"),
                  .cert_warn_days = 30,
                  .account = "app",
                  .probe_user = "probe",
                  .replica_version = "8.4.0"};
  about.budget = std::chrono::seconds(5);
  return about;
}

// The error after one member of a good line was changed.
std::string error_with(const std::string& pointer, const Json& value) {
  Json json = Json::parse(write_evidence(full()));
  json[Json::json_pointer(pointer)] = value;
  const ParsedEvidence parsed = parse_evidence(json.dump());
  EXPECT_FALSE(parsed.about) << pointer;
  return parsed.error;
}

TEST(EvidenceFile, EverySampleSurvivesTheRoundTrip) {
  for (const test::Sample& one : test::sample_reports()) {
    const ParsedEvidence back = parse_evidence(write_evidence(one.report.about));
    ASSERT_TRUE(back.about) << back.error;
    expect_same(*back.about, one.report.about);
  }
}

TEST(EvidenceFile, WhatIsWrittenIsAsReviewed) {
  EXPECT_EQ(test::differs_from_golden("full.evidence", write_evidence(full())), "");
  std::string all;
  for (const test::Sample& one : test::sample_reports()) all += write_evidence(one.report.about);
  EXPECT_EQ(test::differs_from_golden("samples.evidence", all), "");
}

TEST(EvidenceFile, EveryMemberSurvivesTheRoundTripSetOrNot) {
  Case bare;
  bare.profile = find_profile("mysql");
  for (const Case& about : {full(), bare}) {
    const ParsedEvidence back = parse_evidence(write_evidence(about));
    ASSERT_TRUE(back.about) << back.error;
    expect_same(*back.about, about);
  }
}

TEST(EvidenceFile, EachCaseIsOneLineEvenOfAHostileServer) {
  const std::string line = write_evidence(test::hostile_report().about);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(EvidenceFile, ReadsManySkippingBlankLines) {
  std::istringstream in("\n" + write_evidence(full()) + "  \r\n" +
                        write_evidence(test::sample("healthy").about));
  const EvidenceFile file = read_evidence(in);
  EXPECT_EQ(file.error, "");
  ASSERT_EQ(file.cases.size(), 2U);
  expect_same(file.cases[0], full());
}

TEST(EvidenceFile, AnErrorNamesTheLineAndKeepsWhatCameBefore) {
  std::istringstream in(write_evidence(full()) + "\n{\"schema\":\"plumb.report/1\"}\n");
  const EvidenceFile file = read_evidence(in);
  EXPECT_EQ(file.cases.size(), 1U);
  EXPECT_EQ(file.error, "line 3: 'plumb.report/1' is not plumb.evidence/1");
}

TEST(EvidenceFile, AnEmptyFileIsAnError) {
  std::istringstream in("\n\n");
  EXPECT_EQ(read_evidence(in).error, "no evidence in it");
}

TEST(EvidenceFile, SaysWhatIsWrong) {
  EXPECT_EQ(error_with("/profile", "tidb-nowhere").substr(0, 31),
            "unknown profile 'tidb-nowhere':");
  EXPECT_EQ(error_with("/purpose", "fun"), "'fun' is no purpose");
  EXPECT_EQ(error_with("/started", "yesterday"),
            "'started' must be a time like 2026-11-21T08:52:38.123456Z");
  for (const char* year : {"0001", "1677", "1969", "2262", "9999"})
    EXPECT_TRUE(error_with("/started", std::string(year) + "-01-01T00:00:00Z")
                    .starts_with("'started' must be"))
        << year;
  EXPECT_EQ(error_with("/took_ms", "5"), "'took_ms' must be a number of milliseconds");
  EXPECT_EQ(error_with("/took_ms", -1), "'took_ms' must be a number of milliseconds");
  EXPECT_EQ(error_with("/took_ms", 1e300), "'took_ms' must be a number of milliseconds");
  EXPECT_EQ(error_with("/target/port", 65536), "'port' must be a whole number of 1 to 65535");
  EXPECT_EQ(error_with("/target/port", 4294967297 + 4000),
            "'port' must be a whole number of 1 to 65535");
  EXPECT_EQ(error_with("/policy/password", "secret"), "policy has no member 'password'");
  EXPECT_EQ(error_with("/policy/tls", "maybe"), "'maybe' is no tls");
  EXPECT_EQ(error_with("/evidence/1/failure", "sad"), "observation 2: 'sad' is no failure");
  EXPECT_EQ(error_with("/evidence/1/n", 7), "observation 2: 'n' must be a whole number of 2 to 2");
  EXPECT_EQ(error_with("/evidence/1/after", 2),
            "observation 2: 'after' must be a whole number of 0 to 1");
  EXPECT_EQ(error_with("/evidence/1/facts/tcp.mss", nullptr),
            "observation 2: fact tcp.mss: null is no type of a fact");
  EXPECT_EQ(error_with("/evidence", 1), "'evidence' must be a list");
}

TEST(EvidenceFile, EveryMissingMemberIsNamed) {
  const Json whole = Json::parse(write_evidence(full()));
  for (const auto& [key, value] : whole.items()) {
    Json without = whole;
    without.erase(key);
    EXPECT_EQ(parse_evidence(without.dump()).error, "'" + key + "' is missing");
  }
}

TEST(EvidenceFile, WhatIsNoJsonIsSaidShortly) {
  for (const char* text : {"", "{", "[1,", "\"\xff\"", "nul", "{} {}"}) {
    const ParsedEvidence parsed = parse_evidence(text);
    EXPECT_TRUE(parsed.error.starts_with("not JSON: ")) << parsed.error;
    EXPECT_LT(parsed.error.size(), 250U);
  }
}

TEST(EvidenceFile, DepthAndSizeAreBounded) {
  EXPECT_EQ(parse_evidence(std::string(1000000, '[')).error, "nested too deeply");
  EXPECT_EQ(parse_evidence(std::string(kEvidenceLineLimit + 1, ' ')).error, "longer than 16 MiB");
  std::istringstream endless(std::string(kEvidenceLineLimit * 2, 'x'));
  EXPECT_EQ(read_evidence(endless).error, "line 1: longer than 16 MiB");
}

TEST(EvidenceFile, TextFromAFileIsMadePrintable) {
  Json json = Json::parse(write_evidence(full()));
  json["target"]["host"] = "a\x1b[2Jb";
  json["evidence"][0]["raw"] = "x\ny";
  const ParsedEvidence parsed = parse_evidence(json.dump());
  ASSERT_TRUE(parsed.about);
  EXPECT_EQ(parsed.about->target.host, "a\\x1b[2Jb");
  EXPECT_EQ(parsed.about->evidence.observations[0].raw, "x\\x0ay");
}

}  // namespace
}  // namespace plumb
