// plumb.report/1, plumb.fleet/1 and plumb.summary/1, as docs/schema describes them. Numbers are
// numbers, absent is absent (no null, no empty text), lists that always make sense are always
// there.
#include "src/output/json.hpp"

#include <string>

#include "probe/diagnose/ruled_out.hpp"
#include "src/output/renderer.hpp"
#include "src/output/timestamp.hpp"

namespace plumb::output {
namespace {

void write_target(JsonText& out, const Case& about) {
  out.begin_object().key("host").text(about.target.host);
  if (const auto port = about.target.port ? about.target.port : about.profile->port)
    out.key("port").number(*port);
  out.key("profile").text(about.profile->name);
  out.key("purpose").text(to_string(about.purpose));
  if (!about.target.labels.empty()) {
    out.key("labels").begin_object();
    for (const auto& [name, value] : about.target.labels) out.key(name).text(value);
    out.end_object();
  }
  out.end_object();
}

void write_remedies(JsonText& out, const std::vector<Remedy>& remedies) {
  out.begin_list();
  for (const Remedy& remedy : remedies) {
    out.begin_object().key("text").text(remedy.text);
    if (!remedy.command.empty()) out.key("command").text(remedy.command);
    out.end_object();
  }
  out.end_list();
}

void write_finding(JsonText& out, const Finding& finding) {
  out.begin_object().key("id").text(finding.id);
  out.key("layer").text(to_string(finding.layer));
  out.key("severity").text(to_string(finding.severity));
  out.key("confidence").text(to_string(finding.confidence));
  out.key("owner").text(to_string(finding.owner));
  out.key("summary").text(finding.summary).key("remedy");
  write_remedies(out, finding.remedy);
  out.key("evidence").begin_list();
  for (const int n : finding.evidence) out.number(n);
  out.end_list();
  if (!finding.decide_by.empty()) out.key("decide_by").texts(finding.decide_by);
  out.end_object();
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
  return report_line(report) + "\n";
}

std::string last_line(const Summary& summary, const RenderOptions&) {
  Json out = summary_to_json(summary);
  out["common"] = shared_to_json(summary);
  return dump_line(out) + "\n";
}

}  // namespace

std::string report_line(const Report& report) {
  const Diagnosis& diagnosis = report.diagnosis;
  JsonText out;
  out.begin_object().key("schema").text("plumb.report/1").key("target");
  write_target(out, report.about);
  out.key("started").text(timestamp(report.about.started));
  out.key("took_ms").number(in_ms(report.about.took));
  out.key("outcome").text(to_string(diagnosis.outcome));
  if (!diagnosis.cause().empty()) out.key("cause").text(diagnosis.cause());
  out.key("findings").begin_list();
  for (const Finding& finding : diagnosis.findings) write_finding(out, finding);
  out.end_list().key("ruled_out").begin_list();
  for (const RuledOut& cause : ruled_out(report))
    out.begin_object().key("id").text(cause.id).key("because").text(cause.reason()).end_object();
  out.end_list();
  if (!report.remarks.empty()) out.key("remarks").texts(report.remarks);
  out.key("evidence");
  write_observations(out, report.about.evidence, Doubles::rounded);
  return out.end_object().take();
}

Json report_to_json(const Report& report) { return Json::parse(report_line(report)); }

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
