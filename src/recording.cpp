#include "src/recording.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "src/evidence_file.hpp"
#include "src/judge.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

using namespace std::literals;

constexpr RecordingText kShipped[] = {
#include "recordings.inc"
};
constexpr RecordingText kExpected[] = {
#include "recordings_expected.inc"
};

template <class E>
E word(const YAML::Node& row, const char* key) {
  const auto value = from_string<E>(yaml::text_or(row, key, ""));
  if (!value) yaml::fail(row, fmt::format("no {}, or an unknown one", key));
  return *value;
}

Truth read_truth(const YAML::Node& row) {
  yaml::allow_keys(row, {"outcome", "cause", "rank", "confidence", "group"});
  Truth truth;
  truth.outcome = word<Outcome>(row, "outcome");
  truth.cause = yaml::text_or(row, "cause", "");
  const int rank = yaml::number_or(row, "rank", 0);
  if (truth.cause.empty() || rank < 1) yaml::fail(row, "a cause and its rank are needed");
  truth.rank = static_cast<std::size_t>(rank);
  truth.confidence = word<Confidence>(row, "confidence");
  truth.group = yaml::text_or(row, "group", "");
  if (!truth.group.empty() && truth.confidence == Confidence::certain)
    yaml::fail(row, "what a group shares is never certain");
  return truth;
}

}  // namespace

std::span<const RecordingText> shipped_recordings() { return kShipped; }
std::string_view shipped_truths() { return kExpected[0].evidence; }

std::variant<Truths, std::string> read_truths(std::string_view yaml) {
  try {
    Truths truths;
    const YAML::Node file = YAML::Load(std::string(yaml));
    for (const auto& row : file) {
      const std::string name = yaml::text_of(row.first);
      if (!truths.emplace(name, read_truth(row.second)).second)
        yaml::fail(row.first, "a second truth about " + name);
    }
    return truths;
  } catch (const YAML::Exception& error) {
    return "expected.yaml: "s + error.what();
  }
}

std::string disagreement(const Truth& truth, const Diagnosis& diagnosis) {
  if (diagnosis.outcome != truth.outcome)
    return fmt::format("outcome is {}, expected {}", to_string(diagnosis.outcome),
                       to_string(truth.outcome));
  const auto& all = diagnosis.findings;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Finding& each) { return each.id == truth.cause; });
  if (found == all.end())
    return fmt::format("{} is not among the findings; the first is {}", truth.cause,
                       all.empty() ? "none" : all.front().id);
  const auto rank = static_cast<std::size_t>(found - all.begin()) + 1;
  if (rank > truth.rank)
    return fmt::format("{} is number {}, expected {} at most; the first is {}", truth.cause, rank,
                       truth.rank, all.front().id);
  if (found->confidence > truth.confidence)
    return fmt::format("{} is {}, expected {} at most", truth.cause, to_string(found->confidence),
                       to_string(truth.confidence));
  if (!truth.group.empty() && found->decide_by.empty())
    return truth.cause + " does not say what would decide it";
  return {};
}

std::string failing(const RecordingText& recording, const Truths& truths) {
  const auto truth = truths.find(recording.name);
  if (truth == truths.end()) return "expected.yaml says nothing about it";
  std::istringstream in{std::string(recording.evidence)};
  EvidenceFile saved = read_evidence(in);
  if (!saved.error.empty()) return saved.error;
  if (saved.cases.size() != 1) return fmt::format("{} cases instead of one", saved.cases.size());
  return disagreement(truth->second, judge(std::move(saved.cases.front())).diagnosis);
}

}  // namespace plumb
