#include "src/output/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "probe/model/profile.hpp"
#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

Json schema(const std::string& name) {
  std::ifstream file(std::string(PLUMB_SOURCE_DIR) + "/docs/schema/" + name + ".schema.json");
  return Json::parse(file);
}

template <class E>
void expect_enum(const Json& json) {
  std::vector<std::string> names(Names<E>::list.begin(), Names<E>::list.end());
  EXPECT_EQ(json.at("enum").get<std::vector<std::string>>(), names);
}

TEST(ReportJson, CauseIsThereExactlyWhenFailedOrDegraded) {
  EXPECT_EQ(report_to_json(sample("silent-syn"))["cause"], "tcp-endpoint-sg-blocks-port");
  EXPECT_EQ(report_to_json(sample("dead-zone"))["cause"], "tcp-partial-az-failure");
  EXPECT_FALSE(report_to_json(sample("healthy")).contains("cause"));
  EXPECT_FALSE(report_to_json(sample("unknown")).contains("cause"));
}

TEST(ReportJson, AbsentIsAbsent) {
  Report report = sample("healthy");
  report.about.target.port.reset();
  report.about.profile = find_profile("mysql");
  EXPECT_FALSE(report_to_json(report)["target"].contains("port"));
  EXPECT_FALSE(report_to_json(sample("public-ip"))["findings"][0].contains("decide_by"));
  EXPECT_EQ(dump_line(report_to_json(report)).find("null"), std::string::npos);
}

TEST(ReportJson, AChainIsAListOfObjectsAndNumbersAreNumbers) {
  const Json facts = report_to_json(sample("healthy"))["evidence"][3]["facts"];
  EXPECT_EQ(facts["tls.chain"][1]["subject"], "C=US, O=Let's Encrypt, CN=E7");
  EXPECT_EQ(facts["tls.handshake_ms"], 14.231);
  EXPECT_TRUE(facts["tls.verify_code"].is_number_integer());
}

TEST(Json, OneTargetIsAnObjectSeveralAreAFleet) {
  const Renderer& json = *find_renderer("json");
  const std::vector<Report> both{sample("healthy"), sample("silent-syn")};
  EXPECT_EQ(Json::parse(render(json, {both.data(), 1}, {}))["schema"], "plumb.report/1");
  const Json fleet = Json::parse(render(json, both, {}));
  EXPECT_EQ(fleet["schema"], "plumb.fleet/1");
  EXPECT_EQ(fleet["reports"].size(), 2U);
  EXPECT_EQ(fleet["summary"]["failed"], 1);
}

TEST(Json, WhatTargetsShareStandsBesideTheSummaryAndInTheLastLine) {
  const std::vector<Report> reports = test::dead_resolver_fleet();
  const Json fleet = Json::parse(render(*find_renderer("json"), reports, {}));
  const Json expected = Json::parse(R"([{"what": "resolver", "values": ["10.0.7.2:53"],
    "causes": ["dns-resolver-timeout"], "count": 3,
    "targets": ["orders.db.example:4000", "stock.db.example:4000", "users.db.example:4000"]}])");
  EXPECT_EQ(fleet["common"], expected);
  EXPECT_FALSE(fleet["summary"].contains("common"));
  const std::string lines = render(*find_renderer("jsonl"), reports, {});
  const std::size_t last = lines.rfind('\n', lines.size() - 2);
  EXPECT_EQ(Json::parse(lines.substr(last + 1))["common"], expected);
}

TEST(JsonLines, EndsWithTheSummaryAndQuietLeavesOutWhatIsWell) {
  const std::vector<Report> both{sample("healthy"), sample("silent-syn")};
  RenderOptions quiet;
  quiet.quiet = true;
  std::istringstream out(render(*find_renderer("jsonl"), both, quiet));
  std::string first, second, third;
  std::getline(out, first);
  std::getline(out, second);
  EXPECT_EQ(Json::parse(first)["outcome"], "failed");
  EXPECT_EQ(Json::parse(second)["schema"], "plumb.summary/1");
  EXPECT_EQ(Json::parse(second)["targets"], 2);
  EXPECT_FALSE(std::getline(out, third));
}

TEST(Json, BytesThatAreNotUtf8StillMakeADocument) {
  const Report report = test::hostile_report();
  for (const char* format : {"json", "jsonl"})
    EXPECT_NO_THROW(render(*find_renderer(format), {&report, 1}, {}));
  EXPECT_NO_THROW(Json::parse(render(*find_renderer("json"), {&report, 1}, {})));
}

TEST(Schema, ListsTheWordsOfTheProgram) {
  const Json words = schema("plumb.report-1")["$defs"];
  expect_enum<Phase>(words.at("phase"));
  expect_enum<Layer>(words.at("layer"));
  expect_enum<Severity>(words.at("severity"));
  expect_enum<Confidence>(words.at("confidence"));
  expect_enum<Owner>(words.at("owner"));
  expect_enum<Outcome>(words.at("outcome"));
  expect_enum<Purpose>(words.at("purpose"));
  expect_enum<Failure>(words.at("failure"));
  expect_enum<TlsMode>(schema("plumb.evidence-1")["$defs"].at("tls_mode"));
  expect_enum<SharedThing>(
      schema("plumb.summary-1")["$defs"]["common"]["items"]["properties"].at("what"));
  std::vector<std::string> names;
  for (const Profile& profile : profiles()) names.emplace_back(profile.name);
  EXPECT_EQ(words.at("profile").at("examples").get<std::vector<std::string>>(), names);
}

}  // namespace
}  // namespace plumb::output
