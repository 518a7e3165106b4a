// JSON written as it is said, without a tree of it in memory: a report names the whole catalogue,
// and a fleet has a report for each target. The caller keeps the order and the nesting right; commas
// come by themselves. What it writes is byte for byte what dump_line() makes of the same tree, and
// what is not plain text or number goes through the library.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace plumb::output {

class JsonText {
 public:
  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& begin_list() { return open('['); }
  JsonText& end_list() { return close(']'); }
  // What follows is its value.
  JsonText& key(std::string_view name);

  JsonText& text(std::string_view whole);  // bytes that are not UTF-8 become U+FFFD
  JsonText& texts(std::span<const std::string> values);
  JsonText& number(double value);  // finite
  JsonText& number(std::integral auto value) {
    item() += std::to_string(value);
    return *this;
  }
  JsonText& flag(bool value);
  JsonText& json(std::string_view value);  // what is JSON already

  std::string take() { return std::move(out_); }

 private:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  std::string& item();  // where the next value goes

  std::string out_;
  bool first_ = true;  // of its list or object, or the value of a key
};

}  // namespace plumb::output
