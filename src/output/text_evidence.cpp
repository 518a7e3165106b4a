// The evidence as a table: `where` gets what it needs up to a limit, the result gets the rest,
// because the result is what one reads; it may take three lines, what is longer is cut. The whole
// text stands in -o json.
//
// Six addresses mostly behave alike. One that went the same way as an earlier one, step by step and
// in the same words, is one line that names the lines it equals; --explain shows each step.
//
// A follow-up is one line that says what came of it; those of one kind that ended alike share it.
#include "src/output/text_evidence.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "src/output/columns.hpp"
#include "src/output/report_view.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kNumber = 2, kPhase = 8, kTook = 7, kWhereMost = 30, kGaps = 10;
constexpr std::size_t kResultLines = 3;

struct Row {
  std::string n, phase, place, result, took;
};
using Steps = std::span<const Observation>;

// Does `next` belong to the run of steps that `first` began: the same address, or the same
// follow-up?
bool continues(const Observation& first, const Observation& before, const Observation& next) {
  if (experiment::name_of(next) != experiment::name_of(first)) return false;
  if (experiment::is_followup(first)) return next.after == before.n;
  return !first.endpoint.empty() && next.endpoint == first.endpoint;
}

std::vector<Steps> by_address(Steps all) {
  std::vector<Steps> groups;
  for (std::size_t at = 0, end = 0; at < all.size(); at = end) {
    end = at + 1;
    while (end < all.size() && continues(all[at], all[end - 1], all[end])) ++end;
    groups.push_back(all.subspan(at, end - at));
  }
  return groups;
}

bool went_alike(Steps a, Steps b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Observation& one, const Observation& other) {
                      return one.phase == other.phase && outcome_of(one) == outcome_of(other);
                    });
}

std::string range(Steps steps) {
  return std::to_string(steps.front().n) + "-" + std::to_string(steps.back().n);
}

Row row_of(const Observation& seen) {
  const std::string name(experiment::name_of(seen));
  return {std::to_string(seen.n), std::string(to_string(seen.phase)), screen(where(seen)),
          screen((name.empty() ? name : name + ": ") + outcome_of(seen)), duration(seen.took)};
}

Row row_of(Steps steps, Steps like) {
  Micros took{0};
  for (const Observation& seen : steps) took += seen.took;
  return {range(steps), "to " + std::string(to_string(steps.back().phase)),
          screen(where(steps.front())), "as in " + range(like), duration(took)};
}

std::string way_of(const Observation& first) {
  if (const auto* port = first.facts.get(key::path_source_port))
    return "from port " + std::to_string(*port);
  if (experiment::name_of(first) == experiment::kSourceAddress)
    return "from " + first.facts.get_or(key::local_address, std::string("?"));
  if (first.phase == Phase::resolve) return first.facts.get_or(key::dns_question_name, {});
  return where(first);
}

std::string result_of(Steps steps) {
  const std::string name(experiment::name_of(steps.front()));
  return name + ": " + outcome_of(steps.back());
}

Row followup_row(Steps steps) {
  Micros took{0};
  for (const Observation& seen : steps) took += seen.took;
  return {steps.size() > 1 ? range(steps) : std::to_string(steps.front().n),
          std::string(to_string(steps.back().phase)), screen(way_of(steps.front())),
          screen(result_of(steps)), duration(took)};
}

// As many follow-ups from `group` on as are of its kind and ended alike.
std::size_t alike_from(const std::vector<Steps>& groups, std::size_t group) {
  std::size_t end = group + 1;
  while (end < groups.size() && result_of(groups[end]) == result_of(groups[group]) &&
         experiment::is_followup(groups[end].front()))
    ++end;
  return end - group;
}

std::vector<Row> followup_rows(Steps steps) {
  const std::vector<Steps> groups = by_address(steps);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < groups.size();) {
    const std::size_t alike = alike_from(groups, i);
    Row row = followup_row(groups[i]);
    if (alike > 1) {
      const Steps last = groups[i + alike - 1];
      row.n = std::to_string(groups[i].front().n) + "-" + std::to_string(last.back().n);
      row.result += ", " + std::to_string(alike) + " times";
      if (way_of(last.front()) != way_of(groups[i].front())) row.place += " …";
    }
    rows.push_back(std::move(row));
    i += alike;
  }
  return rows;
}

std::vector<Row> rows_of(const Evidence& evidence, bool each_step) {
  std::vector<Row> rows;
  const Steps first = experiment::first_pass(evidence);
  const std::vector<Steps> groups = by_address(each_step ? Steps(evidence.observations) : first);
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    const auto like = std::find_if(groups.begin(), group,
                                   [&](Steps earlier) { return went_alike(earlier, *group); });
    if (!each_step && group->size() > 1 && like != group)
      rows.push_back(row_of(*group, *like));
    else
      for (const Observation& seen : *group) rows.push_back(row_of(seen));
  }
  if (each_step) return rows;
  for (Row& row : followup_rows(Steps(evidence.observations).subspan(first.size())))
    rows.push_back(std::move(row));
  return rows;
}

struct Widths {
  std::size_t n = kNumber, place = 5, result = 0;
};

std::string line(const Row& row, const Widths& widths) {
  std::string out = "  " + right(row.n, widths.n) + "  " + left(row.phase, kPhase) + "  " +
                    left(row.place, widths.place) + "  " + left(row.result, widths.result) + "  " +
                    right(row.took, kTook);
  out.erase(out.find_last_not_of(' ') + 1);
  return out + "\n";
}

std::string lines(const Row& row, const Widths& widths) {
  std::vector<std::string> parts = wrap(row.result, widths.result);
  if (parts.empty()) parts.emplace_back();
  if (parts.size() > kResultLines) {
    parts.resize(kResultLines);
    parts.back() += " …";
  }
  std::string out = line({row.n, row.phase, row.place, parts[0], row.took}, widths);
  for (std::size_t i = 1; i < parts.size(); ++i) out += line({"", "", "", parts[i], ""}, widths);
  return out;
}

}  // namespace

std::string evidence_table(const Evidence& evidence, std::size_t width, bool each_step) {
  const std::vector<Row> rows = rows_of(evidence, each_step);
  Widths widths;
  for (const Row& row : rows) {
    widths.n = std::max(widths.n, row.n.size());
    widths.place = std::max(widths.place, display_width(row.place));
  }
  const std::size_t fixed = kGaps + widths.n + kPhase + kTook;
  const std::size_t room = std::max(width, fixed + 24) - fixed;
  widths.place = std::min({widths.place, kWhereMost, room / 2});
  widths.result = room - widths.place;
  std::string out = line({"#", "phase", "where", "result", "took"}, widths);
  for (const Row& row : rows) out += lines(row, widths);
  return out;
}

}  // namespace plumb::output
