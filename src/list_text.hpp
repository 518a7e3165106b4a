// The text of a list, line by line and as often as needed. A regular file stays where it is and is
// read in pieces: a list costs the same memory however long it is. What can be read only once (a
// pipe, a terminal) is kept as text, and bounded.
//
// A long list is read twice, to look at all of it before the first packet and to work through it. A
// file that was written to in between is no longer what was looked at: reading ends there, with an
// error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace plumb {

class ListText {
 public:
  static constexpr std::size_t kLongestLine = 64 * 1024;
  static constexpr std::size_t kLongestKept = 48 * 1024 * 1024;

  // "-" is stdin, from where it stands. The error is a clause; empty: it can be read.
  std::string open(const std::string& path);

  // Once through it. The text must outlive it.
  class Lines {
   public:
    explicit Lines(const ListText& text) : text_(&text) {}
    // Without the line's end; valid until the next call. Nothing: the end, or an error.
    std::optional<std::string_view> next();
    std::size_t number() const { return number_; }  // of the last line, from 1
    const std::string& error() const { return error_; }

   private:
    bool fill();

    const ListText* text_;
    std::string buffer_;
    std::size_t begin_ = 0;  // of what is left in the buffer
    std::uint64_t at_ = 0;   // in the text, of the next piece
    std::size_t number_ = 0;
    std::string error_;
  };

 private:
  // A file's descriptor and what told it apart when it was opened.
  struct File;
  // Appends the next piece from `at` on; false: the end, or an error.
  bool read(std::uint64_t at, std::string& into, std::string& error) const;

  std::shared_ptr<const File> file_;  // null: the text is kept
  std::string kept_;
};

}  // namespace plumb
