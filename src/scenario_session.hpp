// The session of a story: a server that answers the statements of checks/session from a table. What
// the story does not mention is as on a healthy server that serves every purpose.
//
//   session:
//     version: 8.0.36
//     account: dms@%                       # CURRENT_USER()
//     variables: {log_bin: OFF}            # over the healthy ones
//     without: [gtid_mode]                 # variables that this server does not have
//     grants: ["GRANT SELECT ON *.* TO `dms`@`%`"]
//     role: "`reader`@`%`"                 # in force, with role_grants
//     requires_tls: false                  # SHOW CREATE USER
//     retention_hours: "NULL"              # of mysql.rds_show_configuration
//     errors: {SHOW BINARY LOG STATUS: {error: 1227, text: "Access denied"}}  # by beginning
#pragma once

#include <functional>
#include <string>

#include "probe/wire/session_talk.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {

// `story`: of the key `session`; undefined: the healthy server.
std::function<wire::SessionResult(const std::string&)> session_of_story(const YAML::Node& story);

}  // namespace plumb
