#include "src/target_list.hpp"

#include <algorithm>
#include <utility>

#include "src/read_file.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestList = 48 * 1024 * 1024;

// The next line from `at` on that names a target, without its blanks; `at` moves behind it.
std::optional<std::string_view> next_line(std::string_view text, std::size_t& at) {
  constexpr std::string_view kBlanks = " \t\r";
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos || line[first] == '#') continue;
    return line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
  }
  return std::nullopt;
}

}  // namespace

std::string TargetList::read(const std::vector<std::string>& given) {
  for (const std::string& text : given) {
    if (text != "-") {
      parts_.push_back({text});
      continue;
    }
    FileText list = read_file("-", kLongestList);
    if (!list.error.empty()) return "cannot read the targets on stdin: " + list.error;
    if (list.cut) return "the list of targets on stdin is longer than 48 MiB";
    std::size_t at = 0;
    if (!next_line(list.text, at)) return "stdin named no target";
    parts_.push_back({std::move(list.text), true});
  }
  return {};
}

std::optional<std::string_view> TargetList::Reader::next() {
  for (; part_ < list_->parts_.size(); ++part_, at_ = 0) {
    const Part& part = list_->parts_[part_];
    if (part.is_list) {
      if (const auto line = next_line(part.text, at_)) return line;
    } else if (at_++ == 0) {
      return part.text;
    }
  }
  return std::nullopt;
}

std::string TargetList::Reader::place() const {
  if (part_ >= list_->parts_.size() || !list_->parts_[part_].is_list) return {};
  const std::string_view before = std::string_view(list_->parts_[part_].text).substr(0, at_ - 1);
  return "stdin, line " + std::to_string(1 + std::ranges::count(before, '\n')) + ": ";
}

}  // namespace plumb
