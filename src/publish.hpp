// Reports → stdout in the chosen format, and the exit code they come to. A report that could not be
// delivered whole is exit 3 with a message, whatever it said.
//
// A format that streams writes each report as it is done, and nothing of it is kept: the first of a
// burst at once, the others together with what comes within the next tenth of a second, so that a
// pipe is not fed one line at a time; on a terminal each at once. Text is held back until the end,
// in the order of the list and with what the targets share on top of them, as long as somebody might
// read it all (kMany); beyond that it streams as well. Not for two threads at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/diagnosis.hpp"
#include "src/exit_code.hpp"
#include "src/options.hpp"
#include "src/output/renderer.hpp"
#include "src/progress.hpp"
#include "src/saved_file.hpp"
#include "src/status_line.hpp"

namespace plumb {

class Publisher {
 public:
  static constexpr std::size_t kMany = 100;  // targets

  // `listed`: how many targets there are; 0: nobody knows, and no progress is shown.
  explicit Publisher(const ReportOptions& options, std::size_t listed = 0);

  // What is kept until the end comes in the order of the indices, and of one index as it was added.
  void add(const Report& report, std::size_t index = 0);
  // To be called a few times a second while targets are under way, whether one was done or not: what
  // was written gets out, and the line of a terminal goes on.
  void tick();
  void end_early();  // a signal, or a list that broke: some of those listed were left out
  bool finish();     // writes the rest; false, after a message, if not all got out
  int exit_code() const { return delivered_ ? renderer_.exit_code(summary_) : kExitUnknown; }

 private:
  using Time = Progress::Time;

  void note_done(std::size_t index, Time now);
  void write(const std::string& text, Time now);
  void write_now(const std::string& text);
  void flush(Time now);
  void paint(Time now);

  const output::Renderer& renderer_;
  output::RenderOptions render_;
  output::Summary summary_;
  std::multimap<std::size_t, Report> kept_;  // by index: formats that need everything at once
  std::multimap<std::size_t, std::string> held_back_;  // of a format that has more to say on top
  std::string waiting_;                                // to be written
  bool signalled_ = false;                             // while it was: it waits for the end
  Time flushed_{}, painted_{};
  bool to_terminal_;
  std::vector<bool> done_;  // which of those listed: a target can have two reports
  std::size_t listed_;
  Progress progress_;
  std::optional<StatusLine> status_;  // on a terminal
  std::string error_;                 // the first that writing met
  bool delivered_ = false;
};

// Evidence for `plumb replay`, written as it comes. No path: nothing to do.
class EvidenceSaver {
 public:
  explicit EvidenceSaver(const std::string& path);
  void add(const Case& about);
  bool finish();  // false, after a message, if that failed

 private:
  std::string path_;
  std::optional<SavedFile> file_;
};

}  // namespace plumb
