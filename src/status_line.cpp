#include "src/status_line.hpp"

#include <algorithm>

#include "src/deliver.hpp"
#include "src/output/columns.hpp"

namespace plumb {
namespace {

// A terminal writes ^C where the cursor stands.
constexpr std::size_t kEcho = 2;

}  // namespace

void StatusLine::show(const std::string& text) {
  if (text == shown_) return;
  const std::size_t was = output::display_width(shown_), now = output::display_width(text);
  write_stderr("\r" + text + std::string(was - std::min(was, now), ' '));
  shown_ = text;
}

void StatusLine::clear() {
  if (shown_.empty()) return;
  const std::string blanks(output::display_width(shown_) + kEcho, ' ');
  write_stderr("\r" + blanks + "\r");
  shown_.clear();
}

}  // namespace plumb
