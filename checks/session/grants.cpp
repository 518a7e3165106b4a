#include "checks/session/grants.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace plumb::session {
namespace {

constexpr std::size_t kMostPrivileges = 256;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Reads from the front of what is left.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : left_(text) {}

  bool word(std::string_view wanted) {
    blanks();
    if (left_.size() < wanted.size()) return false;
    const bool same = std::equal(wanted.begin(), wanted.end(), left_.begin(),
                                 [](char a, char b) { return a == upper(b); });
    const bool ends = left_.size() == wanted.size() || !is_letter(left_[wanted.size()]);
    if (!same || !ends) return false;
    left_.remove_prefix(wanted.size());
    return true;
  }
  bool sign(char wanted) {
    blanks();
    if (left_.empty() || left_.front() != wanted) return false;
    left_.remove_prefix(1);
    return true;
  }
  // Words of letters, up to a comma, a parenthesis, or ON; upper case, single blanks.
  std::string privilege() {
    std::string name;
    for (blanks(); !left_.empty() && is_letter(left_.front()); blanks()) {
      if (Scanner(left_).word("ON")) break;
      if (!name.empty()) name += ' ';
      for (; !left_.empty() && is_letter(left_.front()); left_.remove_prefix(1))
        name += upper(left_.front());
    }
    return name;
  }
  // A name in `…`, "…" or '…' (a doubled quote is one), bare, or *.
  std::optional<std::string> name() {
    blanks();
    if (left_.empty()) return std::nullopt;
    const char quote = left_.front();
    if (quote == '`' || quote == '"' || quote == '\'') return quoted(quote);
    std::string out;
    for (; !left_.empty() && (is_letter(left_.front()) || is_sign(left_.front()));
         left_.remove_prefix(1))
      out += left_.front();
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }
  // The columns behind a privilege: skipped with their quotes.
  bool columns() {
    while (!sign(')')) {
      if (!sign(',') && !name()) return false;
    }
    return true;
  }

 private:
  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  static bool is_sign(char c) { return c == '*' || c == '%' || c == '-' || c == '$' || c == '\\'; }
  void blanks() { left_.remove_prefix(std::min(left_.find_first_not_of(' '), left_.size())); }
  std::optional<std::string> quoted(char quote) {
    std::string out;
    for (left_.remove_prefix(1); !left_.empty();) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c != quote) {
        out += c;
      } else if (!left_.empty() && left_.front() == quote) {
        out += c;
        left_.remove_prefix(1);
      } else {
        return out;
      }
    }
    return std::nullopt;
  }

  std::string_view left_;
};

bool read_privileges(Scanner& at, Grant& into) {
  do {
    std::string name = at.privilege();
    if (name.empty() || into.privileges.size() >= kMostPrivileges) return false;
    if (name == "ALL PRIVILEGES") name = "ALL";
    const bool on_columns = at.sign('(');
    if (on_columns && !at.columns()) return false;
    if (!on_columns) into.privileges.insert(std::move(name));
  } while (at.sign(','));
  return true;
}

std::string quoted(const std::string& name) {
  if (name == "*") return name;
  std::string out = "`";
  for (const char c : name) out += c == '`' ? "``" : std::string(1, c);
  return out + "`";
}

// What ALL on a database leaves out: these exist on *.* only.
bool is_global_only(std::string_view privilege) {
  static constexpr std::array<std::string_view, 6> kGlobal{
      "REPLICATION SLAVE", "REPLICATION CLIENT", "BINLOG MONITOR", "SUPER",
      "CONNECTION_ADMIN",  "CONNECTION ADMIN"};
  return std::ranges::find(kGlobal, privilege) != kGlobal.end();
}

bool gives(const Grant& grant, std::string_view privilege) {
  return grant.privileges.contains("ALL") || grant.privileges.contains(std::string(privilege));
}

}  // namespace

std::optional<Grant> parse_grant(std::string_view line) {
  Scanner at(line);
  Grant grant;
  grant.revoked = at.word("REVOKE");
  if (!grant.revoked && !at.word("GRANT")) return std::nullopt;
  if (!read_privileges(at, grant) || grant.privileges.empty() || !at.word("ON"))
    return std::nullopt;
  if (Scanner next = at; next.word("FUNCTION") || next.word("PROCEDURE") || next.word("PACKAGE"))
    return std::nullopt;
  if (Scanner next = at; next.word("TABLE")) at = next;
  auto database = at.name();
  if (!database || !at.sign('.')) return std::nullopt;
  auto table = at.name();
  if (!table || database->empty() || table->empty()) return std::nullopt;
  grant.database = *std::move(database);
  grant.table = *std::move(table);
  return grant;
}

std::string to_string(const Grant& grant) {
  std::string out = grant.revoked ? "REVOKE " : "GRANT ";
  for (bool first = true; const std::string& name : grant.privileges) {
    if (!std::exchange(first, false)) out += ", ";
    out += name;
  }
  return out + " ON " + quoted(grant.database) + "." + quoted(grant.table);
}

bool stands_for(std::string_view pattern, std::string_view database) {
  if (pattern == "*") return true;
  // Where the last % was, and what it has been taken for.
  std::size_t at = 0, in = 0, star = std::string_view::npos, taken = 0;
  while (in < database.size()) {
    const bool escaped = at + 1 < pattern.size() && pattern[at] == '\\';
    if (at < pattern.size() && !escaped && pattern[at] == '%') {
      star = at++;
      taken = in;
    } else if (at < pattern.size() &&
               (escaped ? pattern[at + 1] == database[in]
                        : pattern[at] == '_' || pattern[at] == database[in])) {
      at += escaped ? 2 : 1;
      ++in;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in = ++taken;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '%') ++at;
  return at == pattern.size();
}

Rights::Rights(const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    if (auto grant = parse_grant(line)) grants_.push_back(*std::move(grant));
}

bool Rights::globally(std::string_view privilege) const {
  return std::ranges::any_of(grants_, [&](const Grant& grant) {
    return !grant.revoked && grant.database == "*" && grant.table == "*" && gives(grant, privilege);
  });
}

bool Rights::revoked_on(std::string_view database, std::string_view privilege) const {
  return !database.empty() && std::ranges::any_of(grants_, [&](const Grant& grant) {
    return grant.revoked && stands_for(grant.database, database) && gives(grant, privilege);
  });
}

bool Rights::on(std::string_view database, std::string_view privilege) const {
  if (globally(privilege) && !revoked_on(database, privilege)) return true;
  if (is_global_only(privilege)) return false;
  return std::ranges::any_of(grants_, [&](const Grant& grant) {
    return !grant.revoked && grant.database != "*" && grant.table == "*" &&
           gives(grant, privilege) && (database.empty() || stands_for(grant.database, database));
  });
}

}  // namespace plumb::session
