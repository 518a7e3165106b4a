#include "src/scenario_session.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace plumb {
namespace {

using wire::SessionResult;

struct SessionStory {
  std::string version = "8.0.36", account = "app@%", role;
  std::map<std::string, std::string> variables{
      {"hostname", "db-1"},
      {"server_uuid", "3e11fa47-71ca-11e1-9e33-c80aa9429562"},
      {"server_id", "1"},
      {"basedir", "/usr/"},
      {"version_comment", "MySQL Community Server - GPL"},
      {"read_only", "OFF"},
      {"super_read_only", "OFF"},
      {"innodb_read_only", "OFF"},
      {"log_bin", "ON"},
      {"binlog_format", "ROW"},
      {"binlog_row_image", "FULL"},
      {"binlog_checksum", "NONE"},
      {"binlog_expire_logs_seconds", "2592000"},
      {"gtid_mode", "ON"},
      {"enforce_gtid_consistency", "ON"},
      {"sql_mode", "STRICT_TRANS_TABLES"},
      {"time_zone", "SYSTEM"},
      {"system_time_zone", "UTC"},
      {"lower_case_table_names", "0"}};
  std::vector<std::string> grants{"GRANT ALL PRIVILEGES ON *.* TO `app`@`%`"}, role_grants;
  bool requires_tls = true;
  std::string retention_hours = "144";
  std::map<std::string, wire::SessionError> errors;
};

SessionResult rows(std::vector<std::vector<SessionResult::Cell>> cells) {
  SessionResult result;
  if (!cells.empty())
    for (std::size_t i = 0; i < cells.front().size(); ++i)
      result.columns.push_back("c" + std::to_string(i));
  result.rows = std::move(cells);
  return result;
}

SessionResult list(const std::vector<std::string>& lines) {
  std::vector<std::vector<SessionResult::Cell>> cells;
  for (const std::string& line : lines) cells.push_back({line});
  return rows(std::move(cells));
}

SessionResult pairs(const std::map<std::string, std::string>& values) {
  std::vector<std::vector<SessionResult::Cell>> cells;
  for (const auto& [name, value] : values) cells.push_back({name, value});
  return rows(std::move(cells));
}

SessionResult answer(const SessionStory& story, const std::string& statement) {
  const auto is = [&](std::string_view beginning) { return statement.starts_with(beginning); };
  for (const auto& [beginning, error] : story.errors)
    if (is(beginning)) return {{}, {}, error};
  if (is("SELECT VERSION()"))
    return rows({{story.version, story.account, std::string("app@10.0.0.5")}});
  if (is("SHOW SESSION STATUS"))
    return pairs({{"Ssl_version", "TLSv1.3"}, {"Ssl_cipher", "TLS_AES_256_GCM_SHA384"}});
  if (is("SHOW GLOBAL VARIABLES")) return pairs(story.variables);
  if (is("SELECT CURRENT_ROLE()")) return list({story.role.empty() ? "NONE" : story.role});
  if (statement.find(" USING ") != std::string::npos || is("SHOW GRANTS FOR CURRENT_ROLE"))
    return list(story.role_grants);
  if (is("SHOW GRANTS")) return list(story.grants);
  if (is("SHOW CREATE USER"))
    return list(
        {"CREATE USER `app`@`%` REQUIRE " + std::string(story.requires_tls ? "SSL" : "NONE")});
  if (is("SHOW BINARY LOG STATUS") || is("SHOW MASTER STATUS")) {
    const bool logs = story.variables.contains("log_bin") && story.variables.at("log_bin") == "ON";
    return logs ? rows({{std::string("binlog.000007"), std::string("1571")}}) : SessionResult{};
  }
  if (is("CALL mysql.rds_show_configuration")) {
    const bool none = story.retention_hours == "NULL";
    return rows({{std::string("binlog retention hours"),
                  none ? SessionResult::Cell() : SessionResult::Cell(story.retention_hours)}});
  }
  return {};
}

wire::SessionError read_error(const YAML::Node& node) {
  yaml::allow_keys(node, {"error", "sqlstate", "text"});
  return {static_cast<unsigned>(yaml::number_or(node, "error", 1105)),
          yaml::text_or(node, "sqlstate", "HY000"), yaml::text_or(node, "text", "an error")};
}

SessionStory read_story(const YAML::Node& node) {
  yaml::allow_keys(node, {"version", "account", "variables", "without", "grants", "role",
                          "role_grants", "requires_tls", "retention_hours", "errors"});
  SessionStory story;
  story.version = yaml::text_or(node, "version", story.version);
  story.account = yaml::text_or(node, "account", story.account);
  story.role = yaml::text_or(node, "role", "");
  for (const auto& entry : node["variables"])
    story.variables[yaml::text_of(entry.first)] = yaml::text_of(entry.second);
  for (const std::string& name : yaml::texts(node["without"])) story.variables.erase(name);
  if (node["grants"]) story.grants = yaml::texts(node["grants"]);
  story.role_grants = yaml::texts(node["role_grants"]);
  story.requires_tls = yaml::flag_or(node, "requires_tls", story.requires_tls);
  story.retention_hours = yaml::text_or(node, "retention_hours", story.retention_hours);
  for (const auto& entry : node["errors"])
    story.errors[yaml::text_of(entry.first)] = read_error(entry.second);
  return story;
}

}  // namespace

std::function<SessionResult(const std::string&)> session_of_story(const YAML::Node& node) {
  SessionStory story;
  if (node) story = read_story(node);
  return
      [story = std::move(story)](const std::string& statement) { return answer(story, statement); };
}

}  // namespace plumb
