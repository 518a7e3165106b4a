// How the server takes, writes and compares data: what the loader of DMS stumbles over, and what a
// replica must have alike.
#include <algorithm>
#include <string>
#include <string_view>

#include "checks/session/causes.hpp"
#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

Verdict quotes(const Case&, const Observation& session) {
  const std::string* mode = session.facts.get(key::sql_mode);
  if (!mode) return Verdict::no("the server does not tell its SQL mode");
  if (mode->find("ANSI_QUOTES") == std::string::npos)
    return Verdict::no("no SQL mode that DMS stumbles over");
  return found(session, Confidence::certain, Severity::warning, {{"value", *mode}});
}

bool is_utc(std::string_view zone) {
  static constexpr std::string_view kUtc[] = {"UTC",  "Etc/UTC",      "+00:00", "-00:00",
                                              "GMT",  "Etc/GMT",      "UCT",    "Universal",
                                              "Zulu", "Etc/Universal"};
  return std::ranges::find(kUtc, zone) != std::end(kUtc);
}

Verdict time_zone(const Case&, const Observation& session) {
  const std::string* zone = session.facts.get(key::time_zone);
  if (!zone || zone->empty()) return Verdict::no("the server does not tell its time zone");
  if (is_utc(*zone)) return Verdict::no("the server's time zone is UTC");
  return found(session, Confidence::certain, Severity::warning, {{"value", *zone}});
}

Verdict case_of_names(const Case& about, const Observation& session) {
  if (is_tidb(session)) return Verdict::no("TiDB compares names so always, and can do no other");
  const std::int64_t* value = session.facts.get(key::lower_case_table_names);
  if (!value) return Verdict::no("the server does not tell how it compares names");
  if (*value == 0) return Verdict::no("names of tables are kept as written");
  Severity severity = *value == 2 ? Severity::error : Severity::warning;
  if (about.purpose == Purpose::dms_source) severity = Severity::warning;
  // DMS writes each name in one way only.
  if (about.purpose == Purpose::dms_target) severity = Severity::info;
  return found(session, Confidence::certain, severity, {{"value", std::to_string(*value)}});
}

Verdict foreign_keys(const Case&, const Observation& session) {
  const std::string* error = session.facts.get(key::foreign_key_checks_refused);
  if (!error) return Verdict::no("SET FOREIGN_KEY_CHECKS=0 was accepted");
  return found(session, Confidence::certain, Severity::error, {{"message", *error}});
}

constexpr RemedyTemplate kModeRemedy[] = {
    {"Take ANSI_QUOTES out for DMS alone: set the mode by the endpoint's extra connection "
     "attributes.",
     "aws dms modify-endpoint --endpoint-arn <endpoint-arn> --extra-connection-attributes "
     "\"Initstmt=SET FOREIGN_KEY_CHECKS=0, SESSION sql_mode='STRICT_TRANS_TABLES'\""},
    {"Or for the server; connections that are open keep the old mode. Put it into the option file "
     "(Aurora, RDS: the parameter group) as well.",
     "mysql -e \"SET GLOBAL sql_mode = REPLACE(@@GLOBAL.sql_mode, 'ANSI_QUOTES', '')\""}};
constexpr RemedyTemplate kZoneRemedy[] = {
    {"Tell the DMS endpoint (MySQL settings, ServerTimezone) the zone of the server, or TIMESTAMP "
     "values are shifted.",
     "aws dms modify-endpoint --endpoint-arn <endpoint-arn> --my-sql-settings "
     "ServerTimezone=<zone>"},
    {"Or run the server in UTC (Aurora, RDS: time_zone in the parameter group; else also in the "
     "option file: default_time_zone = '+00:00').",
     "mysql -e \"SET GLOBAL time_zone = '+00:00'\""}};
constexpr RemedyTemplate kCaseRemedy[] = {
    {"Create the replica with the same value: HeatWave asks for it when the DB System is created. "
     "The source's own is fixed when its data directory is made (MySQL from 8.0 on), or set in the "
     "option file before a restart (MariaDB).",
     "mysql -e \"SELECT @@lower_case_table_names\""}};
constexpr RemedyTemplate kKeysRemedy[] = {
    {"See what stands between: a proxy that filters statements, or a server that lets nobody "
     "switch "
     "the checks off. DMS needs it while it loads.",
     "mysql -h {host} -P {port} -u {user} -p -e \"SET FOREIGN_KEY_CHECKS=0\""},
    {"Else load without foreign keys, and create them after the full load.", ""}};

constexpr std::string_view kTarget = "AWS DMS user guide, MySQL as a target";

const Cause kRows[] = {
    {.id = "session-sql-mode",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "The server's SQL mode breaks the statements of DMS",
     .shows_as = "@@global.sql_mode holds ANSI_QUOTES.",
     .summary =
         "sql_mode of {host} ({server}) is {value}. With ANSI_QUOTES a text in double quotes "
         "is a name, and the load statements of DMS are errors.",
     .remedy = kModeRemedy,
     .look_alikes = "The DMS task's log shows it as a syntax error near ENCLOSED BY.",
     .decide_by = "",
     .source = "AWS DMS user guide, troubleshooting (Aurora MySQL, ANSI_QUOTES)",
     .match = within<For::dms_target, quotes>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-time-zone",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "The server's time zone is not UTC",
     .shows_as = "@@global.time_zone is not UTC; SYSTEM with a system time zone that is not.",
     .summary = "The time zone of {host} ({server}) is {value}. DMS takes it for UTC unless its "
                "endpoint says otherwise.",
     .remedy = kZoneRemedy,
     .look_alikes = "No fault where aws dms describe-endpoints shows this very zone as "
                    "MySQLSettings.ServerTimezone.",
     .decide_by = "",
     .source = "AWS DMS user guide, MySQL as a source and target, ServerTimezone",
     .match = within<For::dms_source | For::dms_target, time_zone>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-lower-case-table-names",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "Names of tables are compared without case",
     .shows_as = "@@lower_case_table_names is 1 or 2.",
     .summary = "lower_case_table_names of {host} ({server}) is {value}. A replica must have the "
                "same value; DMS does not follow changes of tables with mixed case from a file "
                "system without case.",
     .remedy = kCaseRemedy,
     .look_alikes = "2 is for file systems without case (macOS); HeatWave has no such value.",
     .decide_by = "",
     .source = "HeatWave on AWS, source configuration; AWS DMS user guide, MySQL as a source, "
               "limitations",
     .match = within<For::any_job, case_of_names>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-foreign-key-checks",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "Foreign key checks cannot be switched off",
     .shows_as = "SET FOREIGN_KEY_CHECKS=0 is an error.",
     .summary = "{host} ({server}) refuses SET FOREIGN_KEY_CHECKS=0: \"{message}\". The endpoint's "
                "Initstmt would end every connection of DMS.",
     .remedy = kKeysRemedy,
     .look_alikes = "A proxy that filters SET statements says it in its own words.",
     .decide_by = "",
     .source = kTarget,
     .match = within<For::dms_target, foreign_keys>,
     .needs = sign::seen(Phase::session)},
};

}  // namespace

std::span<const Cause> target_causes() { return kRows; }

}  // namespace plumb::session
