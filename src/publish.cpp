#include "src/publish.hpp"

#include <utility>

#include "probe/model/printable.hpp"
#include "src/deliver.hpp"
#include "src/evidence_file.hpp"
#include "src/output/registry.hpp"

namespace plumb {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostWaiting = 64 * 1024;
constexpr milliseconds kLongestWait{100}, kPaintEvery{250};

}  // namespace

Publisher::Publisher(const ReportOptions& options, std::size_t listed)
    : renderer_(*output::find_renderer(options.format)),
      to_terminal_(stdout_is_terminal()),
      done_(listed),
      listed_(listed),
      progress_(listed, steady_clock::now()) {
  render_.color = !options.no_color && stdout_takes_colour();
  render_.explain = options.explain;
  render_.quiet = options.quiet;
  render_.fail_on = options.fail_on;
  render_.many = listed > kMany;
  if (to_terminal_) render_.line_width = static_cast<int>(stdout_columns());
  if (listed > 1 && stderr_is_terminal()) status_.emplace();
  painted_ = steady_clock::now();  // a short run shows no line
}

void Publisher::write(const std::string& text, Time now) {
  waiting_ += text;
  if (to_terminal_ || waiting_.size() >= kMostWaiting || now - flushed_ >= kLongestWait) flush(now);
}

void Publisher::flush(Time now) {
  if (waiting_.empty() || signalled_) return;
  if (to_terminal_ && status_) status_->clear();
  if (error_.empty()) error_ = write_stdout_until_signal(waiting_);
  if (!error_.empty()) waiting_.clear();
  signalled_ = !waiting_.empty();
  flushed_ = now;
}

void Publisher::paint(Time now) {
  if (!status_ || now - painted_ < kPaintEvery) return;
  // The last column stays free: some terminals begin a new line there.
  status_->show(progress_.line(summary_, now, stderr_columns() - 1));
  painted_ = now;
}

void Publisher::note_done(std::size_t index, Time now) {
  if (index >= done_.size() || done_[index]) return;
  done_[index] = true;
  progress_.note(now);
}

void Publisher::add(const Report& report, std::size_t index) {
  const Time now = steady_clock::now();
  summary_.count(report, render_.fail_on);
  note_done(index, now);
  if (!renderer_.streams())
    kept_.emplace(index, report);
  else if (std::string text = renderer_.each(report, render_); renderer_.holds_back(render_))
    held_back_.emplace(index, std::move(text));
  else
    write(text, now);
  paint(now);
}

void Publisher::tick() {
  const Time now = steady_clock::now();
  flush(now);
  paint(now);
}

void Publisher::end_early() {
  if (listed_ > 1) summary_.not_probed = listed_ - progress_.done();
}

void Publisher::write_now(const std::string& text) {
  if (error_.empty()) error_ = write_stdout(text);
}

bool Publisher::finish() {
  if (status_) status_->clear();
  write_now(waiting_);
  if (renderer_.holds_back(render_)) write_now(renderer_.top(summary_, render_));
  for (const auto& [index, text] : held_back_) write_now(text);
  std::vector<Report> reports;
  for (auto& [index, report] : kept_) reports.push_back(std::move(report));
  write_now(renderer_.streams() ? renderer_.end(summary_, render_)
                                : renderer_.whole(reports, summary_, render_));
  if (const std::string text = renderer_.aside ? renderer_.aside(summary_, render_) : "";
      !text.empty())
    write_stderr((to_terminal_ ? "\n" : "") + text);
  delivered_ = error_.empty();
  if (!delivered_) complain("the report could not be written to stdout: " + error_);
  return delivered_;
}

EvidenceSaver::EvidenceSaver(const std::string& path) : path_(path) {
  if (!path.empty()) file_.emplace(path);
}

void EvidenceSaver::add(const Case& about) {
  if (file_) file_->add(write_evidence(about));
}

bool EvidenceSaver::finish() {
  const std::string error = file_ ? file_->finish() : std::string();
  if (error.empty()) return true;
  complain("the evidence could not be saved to " + printable(path_) + ": " + error);
  return false;
}

}  // namespace plumb
