// plumb.report/1, plumb.fleet/1 and plumb.summary/1, as docs/schema describes them. Numbers are
// numbers, absent is absent (no null, no empty text), lists that always make sense are always
// there.
#include "src/output/json.hpp"

#include <string>

#include "src/output/renderer.hpp"
#include "src/output/timestamp.hpp"

namespace plumb::output {
namespace {

Json target_to_json(const Case& about) {
  Json out{{"host", about.target.host}};
  if (const auto port = about.target.port ? about.target.port : about.profile->port)
    out["port"] = *port;
  out["profile"] = about.profile->name;
  out["purpose"] = to_string(about.purpose);
  if (!about.target.labels.empty()) out["labels"] = about.target.labels;
  return out;
}

Json remedy_to_json(const Remedy& remedy) {
  Json out{{"text", remedy.text}};
  if (!remedy.command.empty()) out["command"] = remedy.command;
  return out;
}

Json finding_to_json(const Finding& finding) {
  Json remedies = Json::array();
  for (const Remedy& remedy : finding.remedy) remedies.push_back(remedy_to_json(remedy));
  Json out{{"id", finding.id},
           {"layer", to_string(finding.layer)},
           {"severity", to_string(finding.severity)},
           {"confidence", to_string(finding.confidence)},
           {"owner", to_string(finding.owner)},
           {"summary", finding.summary},
           {"remedy", std::move(remedies)},
           {"evidence", finding.evidence}};
  if (!finding.decide_by.empty()) out["decide_by"] = finding.decide_by;
  return out;
}

Json shared_to_json(const Summary& summary) {
  Json out = Json::array();
  for (const SharedFault& fault : summary.shared.list())
    out.push_back({{"what", to_string(fault.what)},
                   {"values", fault.values},
                   {"causes", fault.causes},
                   {"count", fault.count},
                   {"targets", fault.targets}});
  return out;
}

std::string one(std::span<const Report> reports, const Summary& summary, const RenderOptions&) {
  if (reports.size() == 1 && !summary.not_probed)
    return dump_pretty(report_to_json(reports.front())) + "\n";
  Json list = Json::array();
  for (const Report& report : reports) list.push_back(report_to_json(report));
  const Json fleet{{"schema", "plumb.fleet/1"},
                   {"reports", std::move(list)},
                   {"common", shared_to_json(summary)},
                   {"summary", summary_to_json(summary)}};
  return dump_pretty(fleet) + "\n";
}

std::string line(const Report& report, const RenderOptions& options) {
  if (options.quiet && !shown_when_quiet(report, options.fail_on)) return {};
  return dump_line(report_to_json(report)) + "\n";
}

std::string last_line(const Summary& summary, const RenderOptions&) {
  Json out = summary_to_json(summary);
  out["common"] = shared_to_json(summary);
  return dump_line(out) + "\n";
}

}  // namespace

Json report_to_json(const Report& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  Json out{{"schema", "plumb.report/1"},
           {"target", target_to_json(report.about)},
           {"started", timestamp(report.about.started)},
           {"took_ms", in_ms(report.about.took)},
           {"outcome", to_string(diagnosis.outcome)}};
  if (!diagnosis.cause().empty()) out["cause"] = diagnosis.cause();
  out["findings"] = Json::array();
  for (const Finding& finding : diagnosis.findings)
    out["findings"].push_back(finding_to_json(finding));
  out["ruled_out"] = Json::array();
  for (const RuledOut& cause : diagnosis.ruled_out)
    out["ruled_out"].push_back({{"id", cause.id}, {"because", cause.because}});
  if (!report.remarks.empty()) out["remarks"] = report.remarks;
  out["evidence"] = evidence_to_json(report.about.evidence, Doubles::rounded);
  return out;
}

Json summary_to_json(const Summary& summary) {
  Json out{{"schema", "plumb.summary/1"}, {"targets", summary.targets}};
  for (const Outcome outcome : {Outcome::ok, Outcome::degraded, Outcome::failed, Outcome::unknown})
    out[std::string(to_string(outcome))] = summary.of(outcome);
  if (summary.not_probed) {
    out["interrupted"] = true;
    out["not_probed"] = *summary.not_probed;
  }
  out["failing"] = summary.failing;
  out["causes"] = Json::object();
  for (const auto& [id, count] : summary.causes) out["causes"][id] = count;
  if (summary.started) out["started"] = timestamp(*summary.started);
  out["took_ms"] = in_ms(summary.took());
  return out;
}

extern const Renderer kJson, kJsonLines;
const Renderer kJson{
    .name = "json", .what = "one object; several targets: one object of them all", .whole = one};
const Renderer kJsonLines{.name = "jsonl",
                          .what = "one object per line as targets finish, a summary at the end",
                          .each = line,
                          .end = last_line};

}  // namespace plumb::output
