#include "src/simple_yaml.hpp"

#include <algorithm>
#include <cstddef>

namespace plumb {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_of_a_key(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_plain(char c) {
  return is_letter_or_digit(c) || std::string_view("._-/:").find(c) != std::string_view::npos;
}

// "null", in whatever case, is no text; nor is it the name of a key.
bool may_be_null(std::string_view plain) {
  return plain.size() == 4 && (plain[0] == 'n' || plain[0] == 'N');
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<SimplePairs> entry() {
    const std::size_t indent = blanks();
    if (!take('-') || blanks() != 1) return std::nullopt;
    const bool good = take('{') ? flow() : block(indent + 2);
    if (!good || !std::ranges::all_of(rest_, [](char c) { return c == ' ' || c == '\n'; }))
      return std::nullopt;
    return std::move(pairs_);
  }

 private:
  bool flow() {
    do {
      blanks();
      if (!pair()) return false;
      blanks();
    } while (take(','));
    return take('}');
  }

  bool block(std::size_t indent) {
    if (alone()) return true;
    for (;;) {
      if (!pair() || !end_of_line()) return false;
      if (rest_.find_first_not_of(" \n") == rest_.npos) return true;
      if (blanks() != indent) return false;
    }
  }

  bool alone() {
    const std::string_view before = rest_;
    const auto target = value();
    if (target && end_of_line()) {
      pairs_.emplace_back("target", *target);
      return true;
    }
    rest_ = before;
    return false;
  }

  bool pair() {
    const std::string_view key = while_is(is_of_a_key);
    if (key.empty() || may_be_null(key) || !take(':') || blanks() == 0) return false;
    const auto text = value();
    if (text) pairs_.emplace_back(key, *text);
    return text.has_value();
  }

  std::optional<std::string_view> value() { return take('\'') ? quoted() : plain(); }

  // Up to the next quote. Two of them would be one that is meant: nothing that may follow a value.
  std::optional<std::string_view> quoted() {
    const auto text = while_is([](char c) { return c >= ' ' && c <= '~' && c != '\''; });
    return take('\'') ? std::optional(text) : std::nullopt;
  }

  std::optional<std::string_view> plain() {
    const std::string_view text = while_is(is_plain);
    if (text.empty() || !is_letter_or_digit(text.front()) || text.back() == ':')
      return std::nullopt;
    return may_be_null(text) ? std::nullopt : std::optional(text);
  }

  bool end_of_line() {
    blanks();
    return rest_.empty() || take('\n');
  }

  std::size_t blanks() {
    return while_is([](char c) { return c == ' '; }).size();
  }

  template <class Is>
  std::string_view while_is(Is is) {
    const auto end = std::ranges::find_if_not(rest_, is);
    const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  SimplePairs pairs_;
};

}  // namespace

std::optional<SimplePairs> simple_pairs(std::string_view text) { return Scanner(text).entry(); }

}  // namespace plumb
