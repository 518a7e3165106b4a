#include "src/output/summary_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "src/output/columns.hpp"
#include "src/output/report_view.hpp"
#include "src/output/shared_view.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kShownTargets = 12;

using Row = std::pair<std::string, Summary::Group>;

std::vector<Row> most_frequent_first(const Summary& summary) {
  std::vector<Row> rows(summary.groups.begin(), summary.groups.end());
  std::ranges::stable_sort(
      rows, [](const Row& a, const Row& b) { return a.second.targets > b.second.targets; });
  return rows;
}

std::string examples(const Summary::Group& group) {
  const std::size_t left = group.targets - group.examples.size();
  return fmt::format("{}{}", fmt::join(group.examples, ", "),
                     left > 0 ? fmt::format(" and {} more", left) : "");
}

}  // namespace

std::string shared_text(const Summary& summary, std::size_t width) {
  const std::vector<SharedFault> faults = summary.shared.list();
  if (faults.empty()) return {};
  std::string out = "IN COMMON\n";
  for (const SharedFault& fault : faults)
    out += "\n" + hanging("  ", screen(shared_sentence(fault)), width) +
           hanging("  ", screen(shared_targets(fault, kShownTargets)), width);
  return out + "\n";
}

std::string causes_text(const Summary& summary, std::size_t width) {
  if (summary.groups.empty()) return {};
  std::string out = "BY CAUSE\n\n";
  for (const auto& [id, group] : most_frequent_first(summary)) {
    const std::string number = fmt::format("  {:>6}  ", group.targets);
    out += fmt::format("{}{} ({})\n", number, screen(id), to_string(group.owner));
    out += hanging(std::string(number.size(), ' '), screen(examples(group)), width);
  }
  return out + "\n";
}

std::string counts_text(const Summary& summary) {
  std::string counts;
  for (const Outcome outcome : {Outcome::failed, Outcome::unknown, Outcome::degraded, Outcome::ok})
    if (summary.of(outcome) > 0)
      counts += fmt::format(" {} {},", summary.of(outcome), to_string(outcome));
  std::string out =
      fmt::format("{} targets:{} in {}\n", summary.targets, counts, duration(summary.took()));
  if (summary.not_probed)
    out += fmt::format("Ended early: {} more were not probed.\n", *summary.not_probed);
  return out;
}

}  // namespace plumb::output
