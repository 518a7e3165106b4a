// Reports → stdout in the chosen format, and the exit code they come to. A report that could not be
// delivered whole is exit 3 with a message, whatever it said.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "probe/model/diagnosis.hpp"
#include "src/exit_code.hpp"
#include "src/options.hpp"
#include "src/output/renderer.hpp"

namespace plumb {

class Publisher {
 public:
  explicit Publisher(const ReportOptions& options);

  // Streaming formats write it at once. What is kept until the end comes in the order of the indices, and of one index as it was added.
  void add(const Report& report, std::size_t index = 0);
  bool finish();  // writes the rest; false, after a message, if not all got out
  int exit_code() const { return delivered_ ? renderer_.exit_code(summary_) : kExitUnknown; }

 private:
  void write(const std::string& text);

  const output::Renderer& renderer_;
  output::RenderOptions render_;
  output::Summary summary_;
  std::multimap<std::size_t, Report> kept_;  // by index: formats that need everything at once
  std::multimap<std::size_t, std::string> held_back_;  // of a format that has more to say on top
  std::string error_;                                  // the first that writing met
  bool delivered_ = false;
};

// Writes the evidence for `plumb replay`; false, after a message, if that failed. No path: nothing
// to do.
bool save_evidence(const std::string& path, const std::string& lines);

}  // namespace plumb
