// A line at the bottom of a terminal that is painted over again and again, and gone before anything
// else is written there. It goes back to the line's beginning and writes blanks: no escape sequence,
// so it needs nothing of the terminal, and NO_COLOR has nothing to forbid.
#pragma once

#include <cstddef>
#include <string>

namespace plumb {

class StatusLine {
 public:
  StatusLine() = default;
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  void show(const std::string& text);  // on stderr, in place of what was there
  void clear();

 private:
  std::string shown_;  // empty: none is
};

}  // namespace plumb
