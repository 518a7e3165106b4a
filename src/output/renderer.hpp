// An output format: one file that ends in its row, and one line in registry.cpp. `-o` choices and
// their help come from the registry; nothing else knows which formats exist.
//
// A format either streams (`each` as soon as a target is done, `end` after the last) or needs
// everything at once (`whole`). A renderer is a pure function: no stream, no clock, no terminal;
// the caller writes the bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "probe/model/diagnosis.hpp"
#include "src/output/summary.hpp"

namespace plumb::output {

struct RenderOptions {
  bool color = false;    // text: the verdict word only
  bool explain = false;  // text, html: what was ruled out, and the remedies of the other candidates
  bool quiet = false;    // text, jsonl: only targets that make the exit code other than 0
  int width = 80;        // text: columns
  int line_width = 0;    // text: columns of a line of -q; 0: as long as it is
  bool many = false;     // text: more targets than anybody reads, a line for each that is ok
  Severity fail_on = Severity::error;
};

struct Renderer {
  std::string_view name;  // of -o
  std::string_view what;  // for --help
  // Streaming formats have `each` and `end`, the others `whole`.
  std::string (*each)(const Report&, const RenderOptions&) = nullptr;
  std::string (*end)(const Summary&, const RenderOptions&) = nullptr;
  // Streaming formats whose reader begins at the top: what only the end of the run can say. What
  // `each` gives is kept until then, unless it is to be quiet or there are too many.
  std::string (*top)(const Summary&, const RenderOptions&) = nullptr;
  // Streaming formats: what a person wants to see and no script that reads stdout, for stderr.
  std::string (*aside)(const Summary&, const RenderOptions&) = nullptr;
  std::string (*whole)(std::span<const Report>, const Summary&, const RenderOptions&) = nullptr;
  int (*exit_code)(const Summary&) = &plumb::output::exit_code;

  bool streams() const { return each != nullptr; }
  bool holds_back(const RenderOptions& options) const {
    return top && !options.quiet && !options.many;
  }
};

}  // namespace plumb::output
