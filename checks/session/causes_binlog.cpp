// What a replica, or DMS for ongoing changes, needs of the source's binary log. A server without one
// (TiDB), or whose log the replica cannot read (MariaDB), has its own row and none of these.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "checks/session/causes.hpp"
#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

constexpr std::int64_t kDay = 86400;

bool has_usable_log(const Case& about, const Observation& session) {
  const bool foreign = about.purpose == Purpose::replication_source && is_mariadb(session);
  return !is_tidb(session) && !foreign;
}

Verdict no_log(const Case&, const Observation& session) {
  if (is_tidb(session)) return Verdict::no("TiDB has no binary log to switch on");
  const bool* on = session.facts.get(key::log_bin);
  if (!on) return Verdict::no("the server does not say whether it has a binary log");
  if (*on) return Verdict::no("the binary log is on");
  return found(session, Confidence::certain, Severity::error);
}

template <Rule rule>
Verdict of_log(const Case& about, const Observation& session) {
  if (!has_usable_log(about, session)) return Verdict::no("another row says why there is no log");
  if (!session.facts.get_or(key::log_bin, true)) return Verdict::no("the binary log is off");
  return rule(about, session);
}

Verdict wrong_format(const Case&, const Observation& session) {
  const std::string* format = session.facts.get(key::binlog_format);
  if (!format) return Verdict::no("the server does not tell its binary log format");
  if (*format == "ROW") return Verdict::no("the binary log holds rows");
  return found(session, Confidence::certain, Severity::error, {{"value", *format}});
}

// A replica of the same kind applies a minimal image; DMS needs the whole row.
Verdict small_image(const Case& about, const Observation& session) {
  const std::string* image = session.facts.get(key::binlog_row_image);
  if (!image) return Verdict::no("the server does not tell its row image");
  if (*image == "FULL") return Verdict::no("the binary log holds whole rows");
  const bool dms = about.purpose == Purpose::dms_source;
  return found(session, Confidence::certain, dms ? Severity::error : Severity::warning,
               {{"value", *image}});
}

std::string counted(std::int64_t number, std::string_view unit) {
  return std::to_string(number).append(" ").append(unit).append(number == 1 ? "" : "s");
}

std::string as_text(std::int64_t seconds) {
  return seconds >= 3600 ? counted(seconds / 3600, "hour") : counted(seconds, "second");
}

Verdict short_on_rds(const Observation& session, const std::string& hours) {
  if (hours == "NULL")
    return found(
        session, Confidence::certain, Severity::error,
        {{"kept", "only until RDS has no use for them ('binlog retention hours' is NULL)"}});
  const auto kept = std::strtol(hours.c_str(), nullptr, 10);
  if (kept >= 24) return Verdict::no("binary logs are kept for a day or more");
  return found(session, Confidence::certain, Severity::warning, {{"kept", counted(kept, "hour")}});
}

Verdict short_retention(const Case&, const Observation& session) {
  if (const std::string* hours = session.facts.get(key::rds_retention_hours))
    return short_on_rds(session, *hours);
  const std::string server = server_of(session);
  if (server == "aurora" || server == "rds")
    return Verdict::no("how long RDS keeps binary logs is not visible");
  const std::int64_t* kept = session.facts.get(key::binlog_retention_s);
  if (!kept) return Verdict::no("the server does not tell how long binary logs are kept");
  if (*kept == 0 || *kept >= kDay) return Verdict::no("binary logs are kept for a day or more");
  return found(session, Confidence::certain, Severity::warning, {{"kept", as_text(*kept)}});
}

Verdict checksum(const Case&, const Observation& session) {
  const std::string* algorithm = session.facts.get(key::binlog_checksum);
  if (!algorithm) return Verdict::no("the server does not tell its checksum");
  if (*algorithm == "NONE") return Verdict::no("the binary log has no checksums");
  return found(session, Confidence::certain, Severity::warning, {{"value", *algorithm}});
}

Verdict gtid(const Case&, const Observation& session) {
  const std::string* mode = session.facts.get(key::gtid_mode);
  if (!mode) return Verdict::no("the server has no GTID mode");
  if (*mode == "ON") return Verdict::no("GTID mode is on");
  const std::string* file = session.facts.get(key::binlog_file);
  const std::int64_t* position = session.facts.get(key::binlog_position);
  const std::string where =
      file && position ? "now file " + *file + ", position " + std::to_string(*position)
                       : "SHOW BINARY LOG STATUS gives them (before 8.2: SHOW MASTER STATUS)";
  return found(session, Confidence::certain, *mode == "OFF" ? Severity::info : Severity::warning,
               {{"value", *mode}, {"where", where}});
}

Verdict zero_id(const Case&, const Observation& session) {
  const std::int64_t* id = session.facts.get(key::server_id);
  if (!id) return Verdict::no("the server does not tell its id");
  if (*id != 0) return Verdict::no("the server has an id");
  return found(session, Confidence::certain, Severity::error);
}

constexpr std::string_view kOwn = "mysql heatwave";
constexpr std::string_view kModifyCluster =
    "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name "
    "<cluster-parameter-group> --parameters "
    "ParameterName=binlog_format,ParameterValue=ROW,ApplyMethod=pending-reboot";

constexpr RemedyTemplate kLogRemedy[] = {
    {"Switch the binary log on in the option file, take out skip-log-bin and disable-log-bin, and "
     "restart the server: it cannot be switched on while it runs.",
     "printf '[mysqld]\\nlog_bin = binlog\\nserver_id = 1\\n' | sudo tee "
     "/etc/mysql/conf.d/binlog.cnf && sudo systemctl restart mysql",
     {},
     Cloud::unknown,
     kOwn},
    {"Switch the binary log on in the option file and restart the server: it cannot be switched on "
     "while it runs.",
     "printf '[mariadbd]\\nlog_bin = binlog\\nserver_id = 1\\nbinlog_format = ROW\\n' | sudo tee "
     "/etc/mysql/mariadb.conf.d/90-binlog.cnf && sudo systemctl restart mariadb",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Aurora: set binlog_format to ROW in the DB cluster's parameter group, which switches the log "
     "on, and reboot the writer.",
     kModifyCluster,
     {},
     Cloud::unknown,
     "aurora"},
    {"RDS: switch automated backups on; the binary log is on with them.",
     "aws rds modify-db-instance --db-instance-identifier <instance> --backup-retention-period 7 "
     "--apply-immediately",
     {},
     Cloud::unknown,
     "rds"}};
constexpr RemedyTemplate kFormatRemedy[] = {
    {"Set it; connections that are open keep the old format until they reconnect.",
     "mysql -e \"SET PERSIST binlog_format = 'ROW'\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Set it, and in the option file ([mariadbd] binlog_format = ROW) for after the next restart; "
     "connections that are open keep the old format.",
     "mysql -e \"SET GLOBAL binlog_format = 'ROW'\"",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Aurora: set binlog_format in the DB cluster's parameter group and reboot the writer.",
     kModifyCluster,
     {},
     Cloud::unknown,
     "aurora"},
    {"RDS: set binlog_format in the DB parameter group.",
     "aws rds modify-db-parameter-group --db-parameter-group-name <parameter-group> --parameters "
     "ParameterName=binlog_format,ParameterValue=ROW,ApplyMethod=immediate",
     {},
     Cloud::unknown,
     "rds"}};
constexpr RemedyTemplate kImageRemedy[] = {
    {"Set it; connections that are open keep the old value until they reconnect.",
     "mysql -e \"SET PERSIST binlog_row_image = 'FULL'\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Set it, and in the option file ([mariadbd] binlog_row_image = FULL) for after the next "
     "restart.",
     "mysql -e \"SET GLOBAL binlog_row_image = 'FULL'\"",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Aurora, RDS: set binlog_row_image to full in the parameter group (Aurora: the cluster's).",
     "aws rds modify-db-parameter-group --db-parameter-group-name <parameter-group> --parameters "
     "ParameterName=binlog_row_image,ParameterValue=full,ApplyMethod=immediate",
     {},
     Cloud::unknown,
     "aurora rds"}};
constexpr RemedyTemplate kRetentionRemedy[] = {
    {"Keep them for longer than the replica or DMS task may ever stand still.",
     "mysql -e \"SET PERSIST binlog_expire_logs_seconds = 604800\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Keep them longer, and set it in the option file as well (before 10.6: expire_logs_days = 7).",
     "mysql -e \"SET GLOBAL binlog_expire_logs_seconds = 604800\"",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Aurora, RDS: set it by the procedure; no restart is due.",
     "mysql -e \"CALL mysql.rds_set_configuration('binlog retention hours', 144)\"",
     {},
     Cloud::unknown,
     "aurora rds"}};
constexpr RemedyTemplate kChecksumRemedy[] = {
    {"Switch the checksums of the binary log off.",
     "mysql -e \"SET PERSIST binlog_checksum = 'NONE'\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Switch them off, and in the option file ([mariadbd] binlog_checksum = NONE) for after the "
     "next restart.",
     "mysql -e \"SET GLOBAL binlog_checksum = 'NONE'\"",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Aurora, RDS: set binlog_checksum to NONE in the parameter group (Aurora: the cluster's).",
     "aws rds modify-db-parameter-group --db-parameter-group-name <parameter-group> --parameters "
     "ParameterName=binlog_checksum,ParameterValue=NONE,ApplyMethod=immediate",
     {},
     Cloud::unknown,
     "aurora rds"}};
constexpr RemedyTemplate kGtidRemedy[] = {
    {"Without GTIDs: give the channel file and position of the binary log ({where}).", ""},
    {"With GTIDs: switch them on in these steps, each after the one before has settled.",
     "mysql -e \"SET PERSIST enforce_gtid_consistency = ON; SET PERSIST gtid_mode = "
     "OFF_PERMISSIVE; "
     "SET PERSIST gtid_mode = ON_PERMISSIVE; SET PERSIST gtid_mode = ON\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Aurora, RDS: set gtid-mode and enforce_gtid_consistency to ON in the parameter group "
     "(Aurora: "
     "the cluster's) and reboot.",
     "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name "
     "<cluster-parameter-group> --parameters "
     "ParameterName=enforce_gtid_consistency,ParameterValue=ON,ApplyMethod=pending-reboot "
     "ParameterName=gtid-mode,ParameterValue=ON,ApplyMethod=pending-reboot",
     {},
     Cloud::unknown,
     "aurora rds"}};
constexpr RemedyTemplate kIdRemedy[] = {
    {"Give the server a number that no other server of the replication has.",
     "mysql -e \"SET PERSIST server_id = <unique-number>\"",
     {},
     Cloud::unknown,
     kOwn},
    {"Give the server a number that no other server of the replication has, in the option file as "
     "well.",
     "mysql -e \"SET GLOBAL server_id = <unique-number>\"",
     {},
     Cloud::unknown,
     "mariadb"}};

constexpr std::string_view kDms = "AWS DMS user guide, MySQL as a source";
constexpr std::string_view kBoth =
    "AWS DMS user guide, MySQL as a source; HeatWave on AWS, source configuration";

const Cause kRows[] = {
    {.id = "session-log-bin-off",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The source has no binary log",
     .shows_as = "@@log_bin is OFF.",
     .summary =
         "The binary log of {host} ({server}) is off, so there are no changes to read. A DMS "
         "task that migrates existing data only does without.",
     .remedy = kLogRemedy,
     .look_alikes =
         "Aurora has it off until binlog_format is set in the cluster's parameter group; "
         "RDS until automated backups are on.",
     .decide_by = "",
     .source = kBoth,
     .match = within<For::sources, no_log>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-binlog-format-not-row",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The binary log holds statements instead of rows",
     .shows_as = "@@global.binlog_format is STATEMENT or MIXED.",
     .summary = "binlog_format of {host} ({server}) is {value}; ongoing changes are read from ROW "
                "only.",
     .remedy = kFormatRemedy,
     .look_alikes = "A session may have another value than the server: plumb reads the server's.",
     .decide_by = "",
     .source = kBoth,
     .match = within<For::sources, of_log<wrong_format>>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-binlog-row-image-not-full",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The binary log holds parts of rows",
     .shows_as = "@@global.binlog_row_image is MINIMAL or NOBLOB.",
     .summary = "binlog_row_image of {host} ({server}) is {value}; DMS needs FULL, and a replica "
                "whose tables differ in keys or columns needs it too.",
     .remedy = kImageRemedy,
     .look_alikes = "A replica with equal tables applies MINIMAL without trouble.",
     .decide_by = "",
     .source = kDms,
     .match = within<For::sources, of_log<small_image>>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-binlog-retention-short",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "Binary logs are purged within a day",
     .shows_as = "binlog_expire_logs_seconds under 86400; RDS and Aurora: 'binlog retention hours' "
                 "NULL or under 24.",
     .summary = "{host} ({server}) keeps its binary logs {kept}. Who stands still for longer finds "
                "the next log purged and must begin anew.",
     .remedy = kRetentionRemedy,
     .look_alikes = "0 means that nothing is purged by itself, which fills the disk in the end.",
     .decide_by = "",
     .source = "AWS DMS user guide, MySQL as a source (24 hours); HeatWave on AWS, source "
               "configuration; MySQL manual, binlog_expire_logs_seconds",
     .match = within<For::sources, of_log<short_retention>>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-binlog-checksum",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "The binary log has checksums",
     .shows_as = "@@global.binlog_checksum is CRC32, the default.",
     .summary = "binlog_checksum of {host} ({server}) is {value}; AWS DMS asks for NONE.",
     .remedy = kChecksumRemedy,
     .look_alikes = "Newer versions of DMS may read checksums all the same: the task's log shows "
                    "it in the first minutes of ongoing replication.",
     .decide_by = "",
     .source = kDms,
     .match = within<For::dms_source, of_log<checksum>>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-gtid-mode",
     .layer = Layer::session,
     .severity = Severity::info,
     .owner = Owner::dba,
     .title = "GTID mode is not on",
     .shows_as = "@@gtid_mode is OFF, OFF_PERMISSIVE or ON_PERMISSIVE.",
     .summary = "gtid_mode of {host} ({server}) is {value}: a channel with GTID auto-positioning "
                "does not work; it begins at a file and a position, {where}.",
     .remedy = kGtidRemedy,
     .look_alikes = "MariaDB has GTIDs of another kind, which MySQL does not read.",
     .decide_by = "",
     .source = "HeatWave on AWS, source configuration; MySQL manual, enabling GTIDs online",
     .match = within<For::replication, of_log<gtid>>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-server-id-zero",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The source has no server id",
     .shows_as = "@@server_id is 0.",
     .summary = "server_id of {host} ({server}) is 0: it refuses every replica, and DMS is one.",
     .remedy = kIdRemedy,
     .look_alikes = "An id that another server of the replication has shows on the replica only.",
     .decide_by = "",
     .source = "MySQL manual, server_id; AWS DMS user guide, MySQL as a source",
     .match = within<For::sources, of_log<zero_id>>,
     .needs = sign::seen(Phase::session)},
};

}  // namespace

std::span<const Cause> binlog_causes() { return kRows; }

}  // namespace plumb::session
