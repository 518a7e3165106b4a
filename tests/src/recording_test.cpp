#include "src/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "probe/model/profile.hpp"
#include "src/catalogue.hpp"
#include "src/evidence_file.hpp"

namespace plumb {
namespace {

using testing::HasSubstr;

Truths shipped() {
  auto read = read_truths(shipped_truths());
  if (const std::string* error = std::get_if<std::string>(&read)) ADD_FAILURE() << *error;
  return std::holds_alternative<Truths>(read) ? std::get<Truths>(read) : Truths{};
}

std::string error_of(std::string_view yaml) {
  const auto read = read_truths(yaml);
  return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "";
}

TEST(Recordings, EachComesOutAsTheLabHadIt) {
  const Truths truths = shipped();
  EXPECT_GE(shipped_recordings().size(), 100u);
  for (const RecordingText& recording : shipped_recordings())
    EXPECT_EQ(failing(recording, truths), "") << recording.name;
}

TEST(Recordings, EachHasATruthAndEachTruthItsRecording) {
  std::set<std::string> files, named;
  for (const RecordingText& recording : shipped_recordings()) files.emplace(recording.name);
  for (const auto& [name, truth] : shipped()) named.insert(name);
  EXPECT_EQ(files, named);
}

TEST(Recordings, TruthsNameCausesOfTheCatalogue) {
  for (const auto& [name, truth] : shipped()) EXPECT_TRUE(find_cause(truth.cause)) << name;
}

TEST(Recording, TruthsAreReadStrictly) {
  const std::string row = "a: {outcome: failed, cause: x, rank: 2, confidence: likely, group: g}\n";
  const auto read = read_truths(row);
  ASSERT_TRUE(std::holds_alternative<Truths>(read));
  const Truth& truth = std::get<Truths>(read).at("a");
  EXPECT_EQ(truth.outcome, Outcome::failed);
  EXPECT_EQ(truth.cause, "x");
  EXPECT_EQ(truth.rank, 2u);
  EXPECT_EQ(truth.confidence, Confidence::likely);
  EXPECT_EQ(truth.group, "g");
  EXPECT_THAT(error_of("a: {outcome: broken, cause: x, rank: 1, confidence: likely}"),
              HasSubstr("no outcome"));
  EXPECT_THAT(error_of("a: {outcome: failed, cause: x, rank: 0, confidence: likely}"),
              HasSubstr("rank"));
  EXPECT_THAT(error_of("a: {outcome: failed, rank: 1, confidence: likely}"), HasSubstr("cause"));
  EXPECT_THAT(error_of("a: {outcome: failed, cause: x, rank: 1}"), HasSubstr("no confidence"));
  EXPECT_THAT(error_of("a: {outcome: failed, cause: x, rank: 1, confidence: likely, renk: 1}"),
              HasSubstr("renk"));
  EXPECT_THAT(error_of(row + row), HasSubstr("a second truth about a"));
}

TEST(Recording, ATruthThatAGroupSharesIsNeverCertain) {
  EXPECT_THAT(error_of("a: {outcome: failed, cause: x, rank: 1, confidence: certain, group: g}"),
              HasSubstr("never certain"));
}

Diagnosis failed(std::initializer_list<const char*> ids) {
  Diagnosis diagnosis;
  diagnosis.outcome = Outcome::failed;
  for (const char* id : ids) {
    Finding finding;
    finding.id = id;
    finding.confidence = Confidence::likely;
    finding.decide_by = {"the API"};
    diagnosis.findings.push_back(finding);
  }
  return diagnosis;
}

TEST(Recording, TheTruthMustBeAmongTheFirst) {
  const Truth truth{Outcome::failed, "truth", 2, Confidence::likely, ""};
  EXPECT_EQ(disagreement(truth, failed({"truth"})), "");
  EXPECT_EQ(disagreement(truth, failed({"x", "truth"})), "");
  EXPECT_THAT(disagreement(truth, failed({"x", "y", "truth"})), HasSubstr("number 3"));
  EXPECT_THAT(disagreement(truth, failed({"x"})), HasSubstr("not among"));
  EXPECT_THAT(disagreement(truth, failed({})), HasSubstr("the first is none"));
  Diagnosis ok = failed({"truth"});
  ok.outcome = Outcome::ok;
  EXPECT_THAT(disagreement(truth, ok), HasSubstr("outcome is ok"));
}

TEST(Recording, TheTruthIsNoMoreCertainThanTheEvidence) {
  Diagnosis diagnosis = failed({"truth"});
  diagnosis.findings[0].confidence = Confidence::certain;
  EXPECT_THAT(disagreement({Outcome::failed, "truth", 1, Confidence::likely, ""}, diagnosis),
              HasSubstr("certain, expected likely"));
  EXPECT_EQ(disagreement({Outcome::failed, "truth", 1, Confidence::certain, ""}, diagnosis), "");
}

TEST(Recording, WhatAGroupSharesSaysWhatDecides) {
  Diagnosis diagnosis = failed({"truth"});
  const Truth truth{Outcome::failed, "truth", 1, Confidence::likely, "silence"};
  EXPECT_EQ(disagreement(truth, diagnosis), "");
  diagnosis.findings[0].decide_by.clear();
  EXPECT_THAT(disagreement(truth, diagnosis), HasSubstr("what would decide"));
}

TEST(Recording, WhatIsNoRecordingFails) {
  const Truths truths{{"a", {}}};
  Case about;
  about.profile = find_profile("mysql");
  const std::string line = write_evidence(about);
  EXPECT_THAT(failing({"b", line}, truths), HasSubstr("says nothing"));
  EXPECT_THAT(failing({"a", "hello"}, truths), HasSubstr("line 1"));
  EXPECT_THAT(failing({"a", line + line}, truths), HasSubstr("2 cases"));
  EXPECT_THAT(failing({"a", line}, truths), HasSubstr("outcome is"));
}

}  // namespace
}  // namespace plumb
