#include "src/publish.hpp"

#include <utility>
#include <vector>

#include "probe/model/printable.hpp"
#include "src/deliver.hpp"
#include "src/output/registry.hpp"

namespace plumb {

Publisher::Publisher(const ReportOptions& options)
    : renderer_(*output::find_renderer(options.format)) {
  render_.color = !options.no_color && stdout_takes_colour();
  render_.explain = options.explain;
  render_.quiet = options.quiet;
  render_.fail_on = options.fail_on;
}

void Publisher::write(const std::string& text) {
  if (error_.empty()) error_ = write_stdout(text);
}

void Publisher::add(const Report& report, std::size_t index) {
  summary_.count(report, render_.fail_on);
  if (renderer_.streams()) {
    const std::string text = renderer_.each(report, render_);
    if (renderer_.holds_back(render_)) {
      held_back_.emplace(index, text);
    } else {
      write(text);
    }
  } else {
    kept_.emplace(index, report);
  }
}

bool Publisher::finish() {
  if (renderer_.holds_back(render_)) write(renderer_.top(summary_, render_));
  for (const auto& [index, text] : held_back_) write(text);
  std::vector<Report> reports;
  for (auto& [index, report] : kept_) reports.push_back(std::move(report));
  write(renderer_.streams() ? renderer_.end(summary_, render_) : renderer_.whole(reports, render_));
  delivered_ = error_.empty();
  if (!delivered_) complain("the report could not be written to stdout: " + error_);
  return delivered_;
}

bool save_evidence(const std::string& path, const std::string& lines) {
  if (path.empty()) return true;
  const std::string error = save_whole(path, lines);
  if (error.empty()) return true;
  complain("the evidence could not be saved to " + printable(path) + ": " + error);
  return false;
}

}  // namespace plumb
