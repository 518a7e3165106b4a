// The text is taken apart from the outside in: decoration, scheme, query, path, user, port, host.
//
// Whatever may hold a password must not be echoed, also not when the rest is nonsense: a password
// with an unescaped '/' makes `user:pa` look like host and port. So a message quotes the text only
// where it holds neither '@' nor '?'.
#include "probe/model/target.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "probe/model/lowered.hpp"
#include "probe/model/printable.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestText = 2048;
constexpr std::size_t kLongestName = 253;  // RFC 1035
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::string_view kPasswordRefused =
    "a password does not belong into a target: use --user and --password-file";

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// What a host name may hold.
constexpr std::array<bool, 256> kOfNames = [] {
  std::array<bool, 256> of_names{};
  for (std::size_t i = 0; i < of_names.size(); ++i) {
    const char c = static_cast<char>(i);
    of_names[i] = is_alnum(c) || c == '.' || c == '-' || c == '_';
  }
  return of_names;
}();

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// find_first_of() looks each character up in the set.
std::size_t first_of_two(std::string_view text, char one, char other) {
  return std::min(text.find(one), text.find(other));
}

std::optional<int> hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  const char low = to_lower(c);
  if (low >= 'a' && low <= 'f') return low - 'a' + 10;
  return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

class Parser {
 public:
  explicit Parser(std::string_view text)
      : rest_(text), quotable_(first_of_two(text, '@', '?') == text.npos) {}

  ParsedTarget parse() {
    const bool good = take_decoration() && take_scheme() && take_query() && take_path() &&
                      take_user() && take_port() && take_host();
    ParsedTarget parsed;
    if (good)
      parsed.target = std::move(target_);
    else
      parsed.error.message = std::move(error_);
    return parsed;
  }

 private:
  bool fail(std::string message) {
    error_ = std::move(message);
    return false;
  }
  std::string quoted(std::string_view part) const {
    return quotable_ ? " '" + printable(part, 80) + "'" : std::string();
  }
  void said(std::string what) { target_.cleaned.push_back(std::move(what)); }

  bool take_decoration();
  bool take_scheme();
  bool take_query();
  bool take_path();
  bool take_user();
  bool take_port();
  bool take_host();
  bool take_bracketed();
  bool take_address(std::string_view text);
  bool check_labels();

  std::string_view rest_;
  bool quotable_;
  bool is_url_ = false;
  Target target_;
  std::string error_;
};

bool Parser::take_decoration() {
  if (rest_.size() > kLongestText) return fail("the target is longer than 2048 characters");
  const std::size_t before = rest_.size();
  rest_ = trimmed(rest_);
  if (rest_.size() != before) said("blanks around it");
  constexpr std::array<std::pair<char, char>, 4> kPairs{
      {{'"', '"'}, {'\'', '\''}, {'`', '`'}, {'<', '>'}}};
  for (const auto& [open, close] : kPairs)
    if (rest_.size() >= 2 && rest_.front() == open && rest_.back() == close) {
      rest_ = trimmed(rest_.substr(1, rest_.size() - 2));
      said("quotes around it");
    }
  target_.given = printable(rest_.substr(0, first_of_two(rest_, '?', '#')), kLongestText);
  return !rest_.empty() ||
         fail("the target is empty: give a host, host:port or mysql://user@host:port/db");
}

bool Parser::take_scheme() {
  const auto end = rest_.find("://");
  if (end == std::string_view::npos) return true;
  constexpr std::string_view kJdbc = "jdbc:";
  std::string scheme = lowered(rest_.substr(0, end));
  rest_.remove_prefix(end + 3);
  if (scheme.starts_with(kJdbc)) {
    scheme.erase(0, kJdbc.size());
    said("a 'jdbc:' prefix");
  }
  // SQLAlchemy writes the driver behind a plus: mysql+pymysql://
  if (scheme.starts_with("mysql+") || scheme.starts_with("mariadb+")) {
    said("the driver's name in its scheme");
    is_url_ = true;
    return true;
  }
  is_url_ = scheme == "mysql" || scheme == "mariadb";
  if (is_url_) return true;
  return fail("its scheme is not mysql:// or mariadb://");
}

bool Parser::take_query() {
  const auto mark = first_of_two(rest_, '?', '#');
  if (mark == std::string_view::npos) return true;
  const std::string query = lowered(rest_.substr(mark));
  for (const std::string_view word : {"pass", "pwd", "secret", "token"})
    if (query.find(word) != std::string::npos) return fail(std::string(kPasswordRefused));
  // A password may itself hold a '?': what stands before the '@' is then no query.
  if (query.find('@') != std::string::npos) return fail(std::string(kPasswordRefused));
  rest_ = rest_.substr(0, mark);
  said("options behind a '?' or '#'");
  return true;
}

bool Parser::take_path() {
  const auto slash = rest_.find('/');
  if (slash == std::string_view::npos) return true;
  std::string_view path = rest_.substr(slash + 1);
  rest_ = rest_.substr(0, slash);
  if (path.find('@') != std::string_view::npos && rest_.find('@') == std::string_view::npos)
    return fail("there is a '/' before the '@': write it as %2F; " + std::string(kPasswordRefused));
  if ((path.empty() && !is_url_) || path.ends_with('/')) said("a trailing slash");
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  const auto name = percent_decoded(path);
  if (!name || *name != printable(*name))
    return fail("the database name is not valid: check its %-escapes");
  target_.database = *name;
  return true;
}

bool Parser::take_user() {
  const auto at = rest_.rfind('@');
  if (at == std::string_view::npos) return true;
  std::string_view user = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  if (const auto colon = user.find(':'); colon != std::string_view::npos) {
    if (colon + 1 != user.size()) return fail(std::string(kPasswordRefused));
    user.remove_suffix(1);
    said("an empty password");
    target_.given.clear();  // rebuilt by take_host: nothing that looks like one stays
  }
  const auto name = percent_decoded(user);
  if (!name || *name != printable(*name))
    return fail("the user name is not valid: check its %-escapes");
  target_.user = *name;
  return true;
}

bool Parser::take_port() {
  if (rest_.starts_with('[')) return take_bracketed();
  const auto colon = rest_.find(':');
  if (colon == std::string_view::npos || rest_.find(':', colon + 1) != std::string_view::npos)
    return true;
  target_.port = parse_port(rest_.substr(colon + 1));
  if (!target_.port)
    return fail("the port" + quoted(rest_.substr(colon + 1)) + " is not a number from 1 to 65535");
  rest_ = rest_.substr(0, colon);
  return true;
}

bool Parser::take_bracketed() {
  const auto close = rest_.find(']');
  if (close == std::string_view::npos)
    return fail("the closing ']' of the IPv6 address is missing");
  const std::string_view behind = rest_.substr(close + 1);
  if (!behind.empty()) {
    if (behind.front() == ':') target_.port = parse_port(behind.substr(1));
    if (!target_.port)
      return fail("behind ']' only a port from 1 to 65535 may stand, as in [2001:db8::1]:4000");
  }
  rest_ = rest_.substr(1, close - 1);
  const auto address = Address::parse(rest_);
  return (address && !address->is_v4()) ||
         fail("between '[' and ']' there must be an IPv6 address");
}

bool Parser::take_address(std::string_view text) {
  const auto address = Address::parse(text);
  if (!address) return false;
  target_.host = address->to_string();
  return true;
}

bool Parser::take_host() {
  if (rest_.ends_with('.')) {
    rest_.remove_suffix(1);
    said("a trailing dot");
  }
  if (rest_.empty()) return fail("the host is missing");
  if (rest_.find(',') != std::string_view::npos)
    return fail("it names several hosts: give each as its own target");
  if (!take_address(rest_)) {
    if (rest_.find(':') != std::string_view::npos)
      return fail("the host" + quoted(rest_) +
                  " is no IPv6 address; with a port write [2001:db8::1]:4000");
    if (rest_.size() > kLongestName) return fail("the host name is longer than 253 characters");
    if (!check_labels()) return false;
    target_.host = lowered(rest_);
    if (target_.host != rest_) said("upper case letters");
  }
  if (target_.given.empty()) target_.given = target_.to_string();
  return true;
}

bool Parser::check_labels() {
  std::size_t length = 0;
  for (const char c : rest_) {
    if (!kOfNames[static_cast<unsigned char>(c)])
      return fail(
          "the host name" + quoted(rest_) +
          " holds a character that no host name has (an international name goes in its xn-- form)");
    if (c == '.' && length == 0)
      return fail("the host name" + quoted(rest_) + " has an empty part before a dot");
    length = c == '.' ? 0 : length + 1;
    if (length > kLongestLabel) return fail("a part of the host name is longer than 63 characters");
  }
  if (length == 0) return fail("the host name" + quoted(rest_) + " ends with two dots");
  if (rest_.front() == '-') return fail("a host name does not begin with '-'");
  const std::string_view last = rest_.substr(rest_.rfind('.') + 1);
  if (std::ranges::all_of(last, is_digit))
    return fail("the host" + quoted(rest_) + " looks like an IPv4 address but is none");
  return true;
}

}  // namespace

std::string Target::to_string() const {
  if (!port) return host;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(*port);
}

ParsedTarget parse_target(std::string_view text) { return Parser(text).parse(); }

}  // namespace plumb
