// What a session with an account teaches, beside what the login already told. Names are the outward
// contract. No raw SHOW GRANTS or SHOW CREATE USER: on MariaDB they hold a hash of the password.
#pragma once

#include <span>

#include "probe/model/fact.hpp"
#include "probe/model/keys.hpp"

namespace plumb::session::key {

using plumb::key::Flag;
using plumb::key::Number;
using plumb::key::Text;
using plumb::key::Texts;

// who answers
inline constexpr Text version{"session.version", "", "SELECT VERSION()"};
inline constexpr Text server{"session.server", "",
                             "what answers: mysql, mariadb, tidb, aurora, rds or heatwave"};
inline constexpr Text hostname{"session.hostname", "", "@@hostname"};
inline constexpr Text server_uuid{"session.server_uuid", "",
                                  "@@server_uuid; MariaDB: @@server_uid"};
inline constexpr Text instance{"session.instance", "",
                               "Aurora: @@aurora_server_id, the name of the instance"};
inline constexpr Number server_id{"session.server_id", "", "@@server_id"};
inline constexpr Text current_user{"session.current_user", "",
                                   "the account that the server chose, user@host part"};
inline constexpr Text user{"session.user", "", "user and address as the server sees them"};
inline constexpr Text tls_version{"session.tls_version", "", "protocol in force; empty: no TLS"};
inline constexpr Text tls_cipher{"session.tls_cipher", "", "cipher in force"};
inline constexpr Texts read_only_by{"session.read_only_by", "",
                                    "the variables that make the server read-only; none: a writer"};

// the binary log
inline constexpr Flag log_bin{"session.log_bin", "", "the binary log is on"};
inline constexpr Text binlog_format{"session.binlog_format", "", "ROW, STATEMENT or MIXED"};
inline constexpr Text binlog_row_image{"session.binlog_row_image", "", "FULL, MINIMAL, NOBLOB …"};
inline constexpr Text binlog_checksum{"session.binlog_checksum", "", "NONE or CRC32"};
inline constexpr Number binlog_retention_s{"session.binlog_retention_s", "s",
                                           "binary logs are kept so long; 0: until purged by hand"};
inline constexpr Text rds_retention_hours{
    "session.rds_retention_hours", "",
    "RDS and Aurora: 'binlog retention hours', or NULL: purged as soon as possible"};
inline constexpr Text binlog_file{"session.binlog_file", "", "the binary log written now"};
inline constexpr Number binlog_position{"session.binlog_position", "", "the position in it"};
inline constexpr Text gtid_mode{"session.gtid_mode", "", "OFF … ON; absent on MariaDB and TiDB"};
inline constexpr Text enforce_gtid_consistency{"session.enforce_gtid_consistency", "",
                                               "OFF, ON or WARN"};

// how it takes data
inline constexpr Text sql_mode{"session.sql_mode", "", "@@global.sql_mode"};
inline constexpr Text time_zone{"session.time_zone", "",
                                "@@global.time_zone; SYSTEM is spelled out by the system's"};
inline constexpr Number lower_case_table_names{"session.lower_case_table_names", "",
                                               "0: as written, 1: lower case, 2: compared so"};
inline constexpr Text foreign_key_checks_refused{
    "session.foreign_key_checks_refused", "",
    "the error of SET FOREIGN_KEY_CHECKS=0; absent: accepted, or not asked"};

// the account
inline constexpr Texts grants{"session.grants", "",
                              "its rights, roles in force included: PRIVILEGES ON scope"};
inline constexpr Flag requires_ssl{"session.account_requires_tls", "",
                                   "the account is created with REQUIRE SSL or more"};

inline constexpr Texts hidden{"session.hidden", "",
                              "what the account has no right to look at, with the error"};
using plumb::key::session_not_held;

inline constexpr KeyInfo all[] = {version,
                                  server,
                                  hostname,
                                  server_uuid,
                                  instance,
                                  server_id,
                                  current_user,
                                  user,
                                  tls_version,
                                  tls_cipher,
                                  read_only_by,
                                  log_bin,
                                  binlog_format,
                                  binlog_row_image,
                                  binlog_checksum,
                                  binlog_retention_s,
                                  rds_retention_hours,
                                  binlog_file,
                                  binlog_position,
                                  gtid_mode,
                                  enforce_gtid_consistency,
                                  sql_mode,
                                  time_zone,
                                  lower_case_table_names,
                                  foreign_key_checks_refused,
                                  grants,
                                  requires_ssl,
                                  hidden,
                                  session_not_held};

}  // namespace plumb::session::key
