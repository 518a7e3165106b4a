// Cases with a session for the tests of this folder: a server on which every purpose is served, and
// what a test changes.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "checks/session/causes.hpp"
#include "checks/session/facts.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::session {

using Strings = std::vector<std::string>;

inline test::CaseBuilder session_case(Purpose purpose,
                                      const std::string& target = "db.example.com:3306") {
  test::CaseBuilder about(target);
  about.purpose(purpose).account("app").resolved({"10.0.0.1"}).works("10.0.0.1:3306");
  about.then(Phase::session)
      .fact(key::version, std::string("8.0.36"))
      .fact(key::server, std::string("mysql"))
      .fact(key::current_user, std::string("app@%"))
      .fact(key::read_only_by, Strings{})
      .fact(key::log_bin, true)
      .fact(key::binlog_format, std::string("ROW"))
      .fact(key::binlog_row_image, std::string("FULL"))
      .fact(key::binlog_checksum, std::string("NONE"))
      .fact(key::binlog_retention_s, std::int64_t{2592000})
      .fact(key::gtid_mode, std::string("ON"))
      .fact(key::server_id, std::int64_t{1})
      .fact(key::sql_mode, std::string("STRICT_TRANS_TABLES"))
      .fact(key::time_zone, std::string("UTC"))
      .fact(key::lower_case_table_names, std::int64_t{0})
      .fact(key::requires_ssl, true)
      .fact(key::grants, Strings{"GRANT ALL ON *.*"});
  return about;
}

inline test::CaseBuilder mariadb_case(Purpose purpose) {
  return session_case(purpose)
      .fact(key::version, std::string("10.11.6-MariaDB"))
      .fact(key::server, std::string("mariadb"));
}

inline Verdict judge(const test::CaseBuilder& about, std::string_view id) {
  for (const Cause& cause : causes())
    if (cause.id == id) return cause.match(about.build());
  return Verdict::no("no such row");
}

// The ids of this folder that match, in the order of the rows.
inline std::vector<std::string_view> found_in(const test::CaseBuilder& about) {
  std::vector<std::string_view> ids;
  for (const Cause& cause : causes())
    if (cause.match(about.build()).matched) ids.push_back(cause.id);
  return ids;
}

inline std::string bound_to(const Verdict& verdict, std::string_view name) {
  for (const auto& [bound, value] : verdict.bindings)
    if (bound == name) return value;
  return {};
}

using Ids = std::vector<std::string_view>;

}  // namespace plumb::session
