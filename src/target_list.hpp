// The targets of the command line, and of the lists that it names. A list stays what it was, a text
// (list_text.hpp): an entry becomes a target when it is asked for, so that a million lines are no
// million objects.
//
// A list is lines, or YAML where its first line that says something begins with "- ". YAML is taken
// apart at the lines that begin an entry, and each entry is read for itself: the library would make
// one tree of them all. So anchors and aliases reach no further than their entry.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/list_text.hpp"

namespace plumb {

class TargetList {
  struct Part {
    std::string name;  // the target as typed, or the list's
    std::optional<ListText> list = {};
    bool is_yaml = false;
  };

 public:
  // As typed, where "-" is stdin; then `lists`, files or "-". In lines, blank ones and those that
  // begin with # are skipped. The error says what could not be read; empty: all is there.
  std::string read(const std::vector<std::string>& given,
                   const std::vector<std::string>& lists = {});

  struct Entry {
    std::string_view text;  // as written; valid until the next one
    bool is_yaml = false;   // a list of one
  };
  // Goes through the list once; a copy goes on from where it was made.
  class Reader {
   public:
    explicit Reader(const TargetList& list) : parts_(list.parts_) {}
    std::optional<Entry> next();  // nothing: the end, or an error
    // Of the `line`th line of the last one: "stdin, line 7: "; empty: on the command line.
    std::string place(std::size_t line = 0) const;
    const std::string& error() const { return error_; }  // with its place

   private:
    std::optional<Entry> next_of(const Part& part);
    std::optional<Entry> next_line();
    std::optional<Entry> next_yaml();
    bool add(std::string_view line);  // to the entry; false: the line is not a part of any
    std::nullopt_t fail(const std::string& what, std::size_t line);

    std::shared_ptr<const std::deque<Part>> parts_;
    std::size_t part_ = 0;
    bool done_ = false;  // with the part, if it is no list
    std::optional<ListText::Lines> lines_;
    std::string entry_, following_;  // YAML: this one, and the first line of the next
    std::size_t first_ = 0, following_first_ = 0, indent_ = 0;  // their lines' numbers
    std::string error_;
  };

 private:
  std::string add_list(const std::string& path);

  std::shared_ptr<std::deque<Part>> parts_ = std::make_shared<std::deque<Part>>();
};

}  // namespace plumb
