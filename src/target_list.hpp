// The targets of the command line, and of lists that it names. A list stays what it was, a text:
// a line becomes a target when it is asked for, so that a million lines are no million objects.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb {

class TargetList {
 public:
  // As typed; "-" is stdin: one target a line, blank lines and those that begin with # are skipped.
  // The error says what could not be read; empty: all is there.
  std::string read(const std::vector<std::string>& given);

  // Goes through the list once. The list must outlive it.
  class Reader {
   public:
    explicit Reader(const TargetList& list) : list_(&list) {}
    std::optional<std::string_view> next();  // as written; nothing: the end
    std::string place() const;  // of the last one: "stdin, line 7: "; empty: on the command line

   private:
    const TargetList* list_;
    std::size_t part_ = 0, at_ = 0;
  };

 private:
  struct Part {
    std::string text;
    bool is_list = false;
  };
  std::vector<Part> parts_;
};

}  // namespace plumb
