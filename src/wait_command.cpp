#include "src/wait_command.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/model/rfc3339.hpp"
#include "src/deliver.hpp"
#include "src/exit_code.hpp"
#include "src/host_prober.hpp"
#include "src/prepare.hpp"
#include "src/publish.hpp"

namespace plumb {
namespace {

using net::Clock;
using net::Deadline;
using std::chrono::milliseconds;

// Less time than this is no attempt, only a drop on the server's account.
constexpr milliseconds kShortestAttempt{500};

bool reached(const std::vector<Report>& reports, Outcome wanted) {
  const auto fails = [](const Report& report) {
    return report.diagnosis.outcome == Outcome::failed;
  };
  const auto works = [](const Report& report) {
    return report.diagnosis.outcome == Outcome::ok || report.diagnosis.outcome == Outcome::degraded;
  };
  if (wanted == Outcome::failed) return std::any_of(reports.begin(), reports.end(), fails);
  return !reports.empty() && std::all_of(reports.begin(), reports.end(), works);
}

bool measured(const std::vector<Report>& reports) {
  return std::any_of(reports.begin(), reports.end(), [](const Report& report) {
    return report.diagnosis.outcome != Outcome::unknown;
  });
}

std::string verdict(const std::vector<Report>& reports) {
  std::string text;
  for (const Report& report : reports) {
    const Diagnosis& diagnosis = report.diagnosis;
    text += (text.empty() ? "" : "; ") + report.about.target.to_string() + " " +
            std::string(to_string(diagnosis.outcome));
    if (!diagnosis.cause().empty()) text += " " + std::string(diagnosis.cause());
  }
  return text;
}

// What the server keeps of a login without an account, once is nothing, each ten seconds is not.
constexpr std::string_view kAnonymousAgain =
    "note: each attempt without an account adds to the server's Aborted_connects and may write a "
    "line to its log. For periodic use give plumb one that can do nothing: CREATE USER "
    "'plumb'@'%' IDENTIFIED BY '<password>' REQUIRE SSL; GRANT USAGE ON *.* TO 'plumb'@'%'; then "
    "--user plumb --password-file <file>";

bool logged_in_anonymously(const std::vector<Report>& reports) {
  return std::any_of(reports.begin(), reports.end(), [](const Report& report) {
    const auto& all = report.about.evidence.observations;
    return report.about.policy.account.empty() &&
           std::any_of(all.begin(), all.end(),
                       [](const Observation& seen) { return seen.phase == Phase::login; });
  });
}

class Waiting {
 public:
  Waiting(const WaitOptions& options, const Prepared& prepared)
      : options_(options), prepared_(prepared), deadline_(Clock::now() + options.deadline) {}

  // Attempts until the wanted outcome, the deadline or a signal; the last one's reports stay.
  void run() {
    HostProber prober(prepared_.settings);  // lets signals go before the report is written
    repeat(prober);
    interrupted_ = prober.interrupted();
  }
  const std::vector<Report>& reports() const { return reports_; }

  int exit_code() const {
    if (reached(reports_, options_.until)) return kExitOk;
    return measured(reports_) && !interrupted_ ? kExitFailed : kExitUnknown;
  }

 private:
  void repeat(HostProber& prober) {
    for (Deadline begun = Clock::now(); attempt(prober);) {
      if (reached(reports_, options_.until) || prober.interrupted()) return;
      advise_once();
      begun = std::max(begun + options_.interval, Clock::now());
      prober.sleep_until(std::min(begun, deadline_));
      if (prober.interrupted()) return;
    }
  }

  // False if there is no time left for one.
  bool attempt(HostProber& prober) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - Clock::now());
    if (!reports_.empty() && left < kShortestAttempt) return false;
    auto settings = std::make_shared<engine::Settings>(prepared_.settings);
    settings->timeout = std::min(settings->timeout, std::max(left, milliseconds(1)));
    std::multimap<std::size_t, Report> by_index;
    Orders orders(prepared_, std::move(settings));
    const auto all = [&orders](std::size_t, std::size_t) { return orders.of_shard(); };
    prober.probe(all, memory_, [&by_index](Report&& report, std::size_t index) {
      by_index.emplace(index, std::move(report));
    });
    reports_.clear();
    for (auto& [index, report] : by_index) reports_.push_back(std::move(report));
    tell_change();
    return true;
  }

  void advise_once() {
    if (advised_ || options_.check.report.quiet || !logged_in_anonymously(reports_)) return;
    complain(std::string(kAnonymousAgain));
    advised_ = true;
  }

  void tell_change() {
    std::string now = verdict(reports_);
    if (now == told_ || options_.check.report.quiet) return;
    complain(rfc3339(std::chrono::system_clock::now()) + " " + now);
    told_ = std::move(now);
  }

  const WaitOptions& options_;
  const Prepared& prepared_;
  engine::Memory memory_;
  Deadline deadline_;
  std::vector<Report> reports_;
  std::string told_;
  bool advised_ = false;
  bool interrupted_ = false;
};

}  // namespace

int wait_command(const WaitOptions& options) {
  const Prepared prepared = prepare(options.check);
  for (const std::string& note : prepared.notes) complain(note);
  if (!prepared.error.empty()) {
    complain(prepared.error);
    return usage_error_code(options.check.report.format);
  }

  Waiting waiting(options, prepared);
  waiting.run();

  Publisher publisher(options.check.report);
  EvidenceSaver evidence(options.check.save_file);
  for (const Report& report : waiting.reports()) {
    publisher.add(report);
    evidence.add(report.about);
  }
  const bool delivered = publisher.finish();
  const bool saved = evidence.finish();
  return delivered && saved ? waiting.exit_code() : kExitUnknown;
}

}  // namespace plumb
