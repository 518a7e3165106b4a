#include "src/target_list.hpp"

#include <fmt/format.h>

#include <utility>

#include "probe/model/printable.hpp"

namespace plumb {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kLongestEntry = 64 * 1024;

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
}

bool says_nothing(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text.empty() || text.front() == '#';
}

// "- x", or a dash alone. No host begins so.
bool begins_entry(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text == "-" || text.starts_with("- ") || text.starts_with("-\t");
}

std::size_t indent_of(std::string_view line) { return line.find_first_not_of(kBlanks); }

bool is_preamble(std::string_view line) { return line == "---" || line.starts_with("%YAML"); }

bool named_yaml(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

std::string name_of(const std::string& path) { return path == "-" ? "stdin" : printable(path); }

}  // namespace

std::string TargetList::read(const std::vector<std::string>& given,
                             const std::vector<std::string>& lists) {
  for (const std::string& text : given) {
    if (text == "-") {
      if (std::string error = add_list(text); !error.empty()) return error;
    } else {
      parts_->push_back({text});
    }
  }
  for (const std::string& path : lists)
    if (std::string error = add_list(path); !error.empty()) return error;
  return {};
}

std::string TargetList::add_list(const std::string& path) {
  Part& part = parts_->emplace_back(Part{name_of(path), ListText()});
  if (const std::string error = part.list->open(path); !error.empty())
    return fmt::format("cannot read the targets {} {}: {}", path == "-" ? "on" : "in", part.name,
                       error);
  ListText::Lines lines(*part.list);
  std::optional<std::string_view> line;
  do {
    line = lines.next();
  } while (line && (says_nothing(*line) || is_preamble(trimmed(*line))));
  if (!lines.error().empty())
    return fmt::format("cannot read the targets {} {}: {}", path == "-" ? "on" : "in", part.name,
                       lines.error());
  if (!line) return part.name + " named no target";
  part.is_yaml = begins_entry(*line);
  if (part.is_yaml || !named_yaml(path)) return {};
  const std::string_view text = trimmed(*line);
  if (!text.starts_with('[') && !text.starts_with('{') && !text.ends_with(':')) return {};
  return fmt::format("{}, line {}: a YAML list of targets begins each of them with \"- \"",
                     part.name, lines.number());
}

std::optional<TargetList::Entry> TargetList::Reader::next() {
  while (error_.empty() && part_ < parts_->size()) {
    const Part& part = (*parts_)[part_];
    if (const auto entry = next_of(part)) return entry;
    if (!error_.empty()) break;
    ++part_;
    done_ = false;
    lines_.reset();
  }
  return std::nullopt;
}

std::optional<TargetList::Entry> TargetList::Reader::next_of(const Part& part) {
  if (!part.list) {
    if (std::exchange(done_, true)) return std::nullopt;
    return Entry{part.name};
  }
  if (!lines_) {
    lines_.emplace(*part.list);
    following_.clear();
  }
  const auto entry = part.is_yaml ? next_yaml() : next_line();
  if (!entry && error_.empty() && !lines_->error().empty())
    return fail(lines_->error(), lines_->number());
  return entry;
}

std::optional<TargetList::Entry> TargetList::Reader::next_line() {
  while (const auto line = lines_->next()) {
    if (says_nothing(*line)) continue;
    first_ = lines_->number();
    return Entry{trimmed(*line)};
  }
  return std::nullopt;
}

std::optional<TargetList::Entry> TargetList::Reader::next_yaml() {
  entry_ = std::exchange(following_, {});
  first_ = following_first_;
  while (const auto line = lines_->next()) {
    const bool begins = begins_entry(*line) && (entry_.empty() || indent_of(*line) == indent_);
    if (begins && !entry_.empty()) {
      following_.append(*line).append("\n");
      following_first_ = lines_->number();
      return Entry{entry_, true};
    }
    if (begins) {
      indent_ = indent_of(*line);
      first_ = lines_->number();
    }
    if (!add(*line)) return std::nullopt;
  }
  if (entry_.empty() || !lines_->error().empty()) return std::nullopt;
  return Entry{entry_, true};
}

bool TargetList::Reader::add(std::string_view line) {
  const bool empty = says_nothing(line);
  if (entry_.empty() && (empty || is_preamble(trimmed(line)))) return true;
  const bool begins = entry_.empty() || empty || indent_of(line) > indent_;
  if (!begins && trimmed(line) != "...") {
    fail("expected \"- \" and the next target, or more blanks before what belongs to this one",
         lines_->number());
    return false;
  }
  if (entry_.size() + line.size() > kLongestEntry) {
    fail("the target that begins here is longer than 64 KiB", first_);
    return false;
  }
  if (begins) entry_.append(line).append("\n");
  return true;
}

std::nullopt_t TargetList::Reader::fail(const std::string& what, std::size_t line) {
  error_ = fmt::format("{}, line {}: {}", (*parts_)[part_].name, line, what);
  return std::nullopt;
}

std::string TargetList::Reader::place(std::size_t line) const {
  if (part_ >= parts_->size() || !(*parts_)[part_].list) return {};
  return fmt::format("{}, line {}: ", (*parts_)[part_].name, first_ + line);
}

}  // namespace plumb
