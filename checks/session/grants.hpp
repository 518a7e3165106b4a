// The rights of an account as SHOW GRANTS tells them.
//
//   GRANT SELECT (`id`), INSERT ON `shop`.`orders` TO `dms`@`%` WITH GRANT OPTION
//   GRANT ALL PRIVILEGES ON *.* TO `root`@`%` IDENTIFIED BY PASSWORD '*2470C0…'
//   REVOKE INSERT ON `mysql`.* FROM `admin`@`%`          (MySQL, partial_revokes)
//   GRANT `reader`@`%` TO `dms`@`%`                      (a role: no right of its own)
//
// The names of databases are patterns: % and _ stand for anything and any one, unless escaped by a
// backslash. Rights on single columns are no rights on the table. Source: MySQL manual, SHOW GRANTS
// and GRANT; MariaDB and TiDB write the same with other quotes.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::session {

struct Grant {
  bool revoked = false;              // a partial revoke: taken away from what *.* gives
  std::set<std::string> privileges;  // upper case, as REPLICATION SLAVE; ALL for all of them
  std::string database;              // a pattern; "*": every one
  std::string table;                 // a name; "*": every one

  bool operator==(const Grant&) const = default;
};

// One line; absent where it gives no right on anything (a role, a proxy, SET DEFAULT ROLE) or cannot
// be read.
std::optional<Grant> parse_grant(std::string_view line);
// Without the account and its hash; parse_grant reads it back.
std::string to_string(const Grant& grant);

class Rights {
 public:
  explicit Rights(const std::vector<std::string>& lines);

  // On everything: *.* alone gives it.
  bool globally(std::string_view privilege) const;
  // On each table of this database; of some database, where it is empty.
  bool on(std::string_view database, std::string_view privilege) const;

 private:
  bool revoked_on(std::string_view database, std::string_view privilege) const;
  std::vector<Grant> grants_;
};

// Does the pattern of a grant stand for this database?
bool stands_for(std::string_view pattern, std::string_view database);

}  // namespace plumb::session
