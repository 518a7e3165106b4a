#include "src/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "src/output/columns.hpp"

namespace plumb {
namespace {

using std::chrono::seconds;

constexpr seconds kEvery{1}, kWindow{10};
constexpr std::size_t kCauses = 3;

std::string time_left(double count) {
  const auto all = static_cast<std::int64_t>(std::ceil(count));
  if (all < 100) return fmt::format("{} s left", all);
  if (all < 6000) return fmt::format("{} min left", (all + 59) / 60);
  return fmt::format("{} h {} min left", all / 3600, all % 3600 / 60);
}

using Count = std::pair<std::string, std::size_t>;

std::vector<Count> most_frequent(const output::Summary& summary) {
  std::vector<Count> counts;
  for (const auto& [id, group] : summary.groups) counts.emplace_back(id, group.targets);
  std::ranges::stable_sort(counts,
                           [](const Count& a, const Count& b) { return a.second > b.second; });
  counts.resize(std::min(counts.size(), kCauses));
  return counts;
}

}  // namespace

void Progress::note(Time now) {
  ++done_;
  if (now - samples_.back().when < kEvery) return;
  samples_.push_back({now, done_});
  while (samples_.size() > 2 && now - samples_[1].when >= kWindow) samples_.pop_front();
}

double Progress::rate(Time now) const {
  const double passed = std::chrono::duration<double>(now - samples_.front().when).count();
  return passed > 0 ? static_cast<double>(done_ - samples_.front().done) / passed : 0;
}

std::string Progress::line(const output::Summary& so_far, Time now, std::size_t width) const {
  std::string out = fmt::format("{} of {}, {} failing", done_, total_, so_far.failing);
  if (const double fast = rate(now); fast > 0) {
    out += fast < 10 ? fmt::format(", {:.1f}/s", fast) : fmt::format(", {:.0f}/s", fast);
    if (done_ < total_) out += ", " + time_left(static_cast<double>(total_ - done_) / fast);
  }
  std::string_view before = "; ";
  for (const auto& [id, count] : most_frequent(so_far)) {
    const std::string cause = fmt::format("{}{} {}", before, id, count);
    if (output::display_width(out) + output::display_width(cause) > width) continue;
    out += cause;
    before = ", ";
  }
  return output::cut(out, width);
}

}  // namespace plumb
