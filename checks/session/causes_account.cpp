// What the account must be allowed, and be like, for the job. Rights are read from SHOW GRANTS with
// the roles in force; where the account may not see them, nothing is said to be missing.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/session/causes.hpp"
#include "checks/session/grants.hpp"
#include "checks/session/version.hpp"
#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

constexpr std::string_view kControl = "awsdms_control";
constexpr std::string_view kLoad[] = {"ALTER",  "CREATE", "DROP",   "INDEX",
                                      "INSERT", "UPDATE", "DELETE", "SELECT"};
constexpr Version kBinlogMonitor{{10, 5, 2}};  // where MariaDB split REPLICATION CLIENT

// REPLICATION CLIENT under the name that this server shows.
bool may_ask_for_binlog(const Observation& session, const Rights& rights) {
  if (rights.globally("REPLICATION CLIENT") || rights.globally("SUPER")) return true;
  return is_mariadb(session) && rights.globally("BINLOG MONITOR");
}

std::string client_right(const Observation& session) {
  const auto version = parse_version(session.facts.get_or(key::version, std::string()));
  return is_mariadb(session) && (!version || *version >= kBinlogMonitor) ? "BINLOG MONITOR"
                                                                         : "REPLICATION CLIENT";
}

void require_replication(const Observation& session, const Rights& rights, bool client,
                         std::vector<std::string>& missing) {
  if (!rights.globally("REPLICATION SLAVE")) missing.emplace_back("REPLICATION SLAVE on *.*");
  if (client && !may_ask_for_binlog(session, rights))
    missing.push_back(client_right(session) + " on *.*");
}

void require_on(const Rights& rights, const std::string& database,
                std::span<const std::string_view> privileges, std::vector<std::string>& missing) {
  const std::string scope = database.empty() ? " on any database" : " on " + database + ".*";
  for (const std::string_view privilege : privileges)
    if (!rights.on(database, privilege)) missing.push_back(std::string(privilege) + scope);
}

std::vector<std::string> missing_for(const Case& about, const Observation& session,
                                     const Rights& rights) {
  static constexpr std::string_view kRead[] = {"SELECT"};
  std::vector<std::string> missing;
  const bool has_log = !is_tidb(session);
  if (about.purpose == Purpose::dms_target) {
    require_on(rights, about.target.database, kLoad, missing);
  } else if (has_log) {
    const bool dms = about.purpose == Purpose::dms_source;
    require_replication(session, rights, dms, missing);
  }
  if (about.purpose == Purpose::dms_source)
    require_on(rights, about.target.database, kRead, missing);
  return missing;
}

std::string kind_of_job(const Case& about, const Observation& session) {
  const std::string purpose(to_string(about.purpose));
  const bool monitor = client_right(session) == "BINLOG MONITOR";
  return about.purpose == Purpose::dms_source && monitor ? purpose + "-mariadb" : purpose;
}

std::string does_without(const Case& about) {
  return about.purpose == Purpose::dms_source
             ? ". A DMS task that migrates existing data only does without the REPLICATION rights."
             : ".";
}

Verdict missing_grant(const Case& about, const Observation& session) {
  const auto* grants = session.facts.get(key::grants);
  if (!grants) return Verdict::no("the account's rights are not visible");
  const auto missing = missing_for(about, session, Rights(*grants));
  if (missing.empty()) return Verdict::no("the account has the rights that the purpose needs");
  return found(session, Confidence::certain, Severity::error,
               {{"missing", fmt::format("{}", fmt::join(missing, ", "))},
                {"kind", kind_of_job(about, session)},
                {"without", does_without(about)},
                {"database", about.target.database}});
}

Verdict no_control(const Case&, const Observation& session) {
  const auto* grants = session.facts.get(key::grants);
  if (!grants) return Verdict::no("the account's rights are not visible");
  std::vector<std::string> missing;
  require_on(Rights(*grants), std::string(kControl), kLoad, missing);
  if (missing.empty()) return Verdict::no("the account may create and fill awsdms_control");
  return found(session, Confidence::certain, Severity::error,
               {{"missing", fmt::format("{}", fmt::join(missing, ", "))}});
}

// A channel sends the data of the whole server; what DMS sends in clear is its SSL mode's choice.
Verdict without_ssl(const Case& about, const Observation& session) {
  const bool* requires_it = session.facts.get(key::requires_ssl);
  if (!requires_it) return Verdict::no("whether the account requires TLS is not visible");
  if (*requires_it) return Verdict::no("the account requires TLS");
  const bool channel = about.purpose == Purpose::replication_source;
  return found(session, Confidence::certain, channel ? Severity::warning : Severity::info,
               {{"kind", channel ? "channel" : "dms"}});
}

Verdict narrow_host(const Case&, const Observation& session) {
  const std::string host = account_host(session);
  if (host.empty()) return Verdict::no("the server does not tell which account it chose");
  if (host == "%") return Verdict::no("the account may come from everywhere");
  return found(session, Confidence::certain, Severity::warning);
}

constexpr RemedyTemplate kGrantRemedy[] = {
    {"Grant what ongoing changes need.",
     "mysql -e \"GRANT REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO '{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "dms-source"},
    {"Grant what ongoing changes need.",
     "mysql -e \"GRANT BINLOG MONITOR, REPLICATION SLAVE ON *.* TO '{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "dms-source-mariadb"},
    {"Grant the tables that are migrated.",
     "mysql -e \"GRANT SELECT ON {database}.* TO '{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "dms-source dms-source-mariadb"},
    {"Grant what the load needs.",
     "mysql -e \"GRANT ALTER, CREATE, DROP, INDEX, INSERT, UPDATE, DELETE, SELECT ON {database}.* "
     "TO "
     "'{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "dms-target"},
    {"Grant what a replica needs.",
     "mysql -e \"GRANT REPLICATION SLAVE ON *.* TO '{user}'@'{account_host}'\"",
     {},
     Cloud::unknown,
     "replication-source"}};
constexpr RemedyTemplate kControlRemedy[] = {
    {"Let the account keep the control tables of DMS; it creates the database itself.",
     "mysql -e \"GRANT ALL PRIVILEGES ON awsdms_control.* TO '{user}'@'{account_host}'\""}};
constexpr RemedyTemplate kSslRemedy[] = {
    {"Require TLS of the account, and set the channel's SSL mode to Required or more.",
     "mysql -e \"ALTER USER '{user}'@'{account_host}' REQUIRE SSL\"",
     {},
     Cloud::unknown,
     "channel"},
    {"Set the SSL mode of the DMS endpoint to verify-ca or verify-full (none sends the data in "
     "clear), and require TLS of the account.",
     "mysql -e \"ALTER USER '{user}'@'{account_host}' REQUIRE SSL\"",
     {},
     Cloud::unknown,
     "dms"}};
constexpr RemedyTemplate kHostRemedy[] = {
    {"Let the account come from everywhere; the network and TLS keep others out.",
     "mysql -e \"RENAME USER '{user}'@'{account_host}' TO '{user}'@'%'\""},
    {"Or from the addresses from which the server sees the replica come: a load balancer's, where "
     "there is one.",
     ""}};

const Cause kRows[] = {
    {.id = "session-missing-grant",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The account lacks rights that the purpose needs",
     .shows_as = "SHOW GRANTS, roles in force included, does not give them.",
     .summary = "The account {account} on {host} lacks: {missing}{without}",
     .remedy = kGrantRemedy,
     .look_alikes =
         "A role that is granted but not in force gives nothing: SET DEFAULT ROLE. Without "
         "a database in the target (mysql://user@host/database) plumb asks for the rights "
         "on any one.",
     .decide_by = "",
     .source = "AWS DMS user guide, MySQL as a source and as a target; HeatWave on AWS, creating a "
               "replication user",
     .match = within<For::any_job, missing_grant>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-awsdms-control-missing",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::dba,
     .title = "The account may not keep the control tables of DMS",
     .shows_as = "SHOW GRANTS gives no rights on awsdms_control.*.",
     .summary = "DMS keeps its state in the database awsdms_control of the target; {account} on "
                "{host} lacks: {missing}.",
     .remedy = kControlRemedy,
     .look_alikes = "Another ControlSchema in the task's settings needs the same rights there.",
     .decide_by = "",
     .source = "AWS DMS user guide, MySQL as a target",
     .match = within<For::dms_target, no_control>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-account-not-ssl",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "The account may log in without TLS",
     .shows_as = "SHOW CREATE USER says REQUIRE NONE.",
     .summary = "The account {account} on {host} does not require TLS, so a channel or endpoint "
                "whose SSL mode is off sends password and data unprotected.",
     .remedy = kSslRemedy,
     .look_alikes = "require_secure_transport asks TLS of everybody, whatever the account says.",
     .decide_by = "",
     .source = "HeatWave on AWS, creating a replication user; AWS DMS user guide, using SSL",
     .match = within<For::any_job, without_ssl>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-account-host-part",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::dba,
     .title = "The account is for this host's addresses only",
     .shows_as = "CURRENT_USER() has another host part than %.",
     .summary =
         "The server chose {account} for plumb's own address. The replica comes from another "
         "one; HeatWave asks for the host part %.",
     .remedy = kHostRemedy,
     .look_alikes =
         "No fault where another account of this name fits the replica's address: SELECT "
         "user, host FROM mysql.user.",
     .decide_by = "",
     .source = "HeatWave on AWS, PrivateLink limitations (the host part must be %)",
     .match = within<For::replication, narrow_host>,
     .needs = sign::seen(Phase::session)},
};

}  // namespace

std::span<const Cause> account_causes() { return kRows; }

}  // namespace plumb::session
