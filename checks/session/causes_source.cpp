// Servers that cannot be the source of this job, whatever is set on them.
#include <string>

#include "checks/session/causes.hpp"
#include "checks/session/version.hpp"
#include "checks/session/view.hpp"

namespace plumb::session {
namespace {

constexpr Version kOldestSource{{5, 7, 9}};

Verdict unsupported(const Observation& session, const char* why, const char* kind) {
  return found(session, Confidence::certain, Severity::error, {{"why", why}, {"kind", kind}});
}

bool reads_only_innodb(const Observation& session) {
  for (const std::string& by : session.facts.get_or(key::read_only_by, std::vector<std::string>()))
    if (by == "innodb_read_only") return true;
  return false;
}

Verdict unsupported_by_dms(const Observation& session) {
  if (server_of(session) == "aurora" && reads_only_innodb(session))
    return unsupported(session, "DMS does not read from an Aurora reader", "aurora-reader");
  return Verdict::no("DMS reads from this server");
}

Verdict match_unsupported(const Case& about, const Observation& session) {
  if (about.purpose == Purpose::dms_source) return unsupported_by_dms(session);
  if (is_mariadb(session))
    return unsupported(session,
                       "its binary log and its GTIDs are MariaDB's own, which HeatWave and other "
                       "MySQL replicas do not read",
                       "mariadb");
  if (is_tidb(session)) return unsupported(session, "it has no binary log of MySQL's kind", "tidb");
  const auto version = parse_version(session.facts.get_or(key::version, std::string()));
  if (version && *version < kOldestSource)
    return unsupported(session, "HeatWave takes sources from 5.7.9 on", "old");
  return Verdict::no("a server of this kind can be a source");
}

Verdict match_older_replica(const Case& about, const Observation& session) {
  const auto replica = parse_version(about.policy.replica_version);
  if (!replica) return Verdict::no("no --replica-version was given");
  if (is_mariadb(session) || is_tidb(session)) return Verdict::no("it cannot be a source at all");
  const auto source = parse_version(session.facts.get_or(key::version, std::string()));
  if (!source) return Verdict::no("the source's version has no number");
  if (*source <= *replica) return Verdict::no("the replica is of the same version or newer");
  return found(session, Confidence::certain, Severity::error,
               {{"replica", to_string(*replica)}, {"source", to_string(*source)}});
}

// On a profile of TiDB nobody expects more.
Verdict match_tidb(const Case& about, const Observation& session) {
  if (!is_tidb(session)) return Verdict::no("the source is no TiDB");
  const bool known = about.profile->kind().starts_with("tidb");
  return found(session, Confidence::certain, known ? Severity::info : Severity::warning);
}

constexpr RemedyTemplate kUnsupportedRemedy[] = {
    {"Move the data by AWS DMS, which reads MariaDB's binary log, or by a dump; a channel that "
     "follows MariaDB needs a MariaDB as replica.",
     "plumb check --purpose dms-source --user {user} --password-file <file> {host}:{port}",
     {},
     Cloud::unknown,
     "mariadb"},
    {"Follow TiDB's changes with TiCDC, which writes to MySQL; or load once from a dump.",
     "tiup cdc cli changefeed create --sink-uri <mysql-uri-of-the-replica>",
     {},
     Cloud::unknown,
     "tidb"},
    {"Upgrade the source to 5.7.9 or later first.",
     "mysql -e \"SELECT VERSION()\"",
     {},
     Cloud::unknown,
     "old"},
    {"Use the writer's endpoint, which is the cluster's.",
     "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,Endpoint]'",
     {},
     Cloud::unknown,
     "aurora-reader"}};
constexpr RemedyTemplate kOlderRemedy[] = {
    {"Create the replica with the source's version or a later one, or upgrade it first.",
     "plumb check --purpose replication-source --replica-version <version> --user {user} "
     "--password-file <file> {host}:{port}"}};
constexpr RemedyTemplate kTidbRemedy[] = {
    {"In the DMS task choose 'Migrate existing data'. For ongoing changes use TiCDC.", ""}};

const Cause kRows[] = {
    {.id = "session-unsupported-source",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "A server of this kind cannot be the source",
     .shows_as = "SELECT VERSION() names MariaDB, TiDB or a MySQL before 5.7.9; for DMS: an Aurora "
                 "reader.",
     .summary = "{host} is {server} and cannot be the source: {why}.",
     .remedy = kUnsupportedRemedy,
     .look_alikes =
         "A replica that is itself a MariaDB can follow one; plumb takes the replica for "
         "HeatWave or MySQL.",
     .decide_by = "",
     .source = "HeatWave on AWS, inbound replication, source configuration; AWS DMS user guide, "
               "MySQL as a source, limitations",
     .match = within<For::sources, match_unsupported>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-replica-older-than-source",
     .layer = Layer::session,
     .severity = Severity::error,
     .owner = Owner::client,
     .title = "The replica is older than the source",
     .shows_as = "--replica-version is lower than SELECT VERSION() on the source.",
     .summary = "{host} runs {source}, the replica {replica}: a replica must be of the source's "
                "version or a later one.",
     .remedy = kOlderRemedy,
     .look_alikes = "A newer patch of the same series on the source counts as newer.",
     .decide_by = "",
     .source = "HeatWave on AWS, source configuration; MySQL manual, replication compatibility",
     .match = within<For::replication, match_older_replica>,
     .needs = sign::seen(Phase::session)},
    {.id = "session-tidb-full-load-only",
     .layer = Layer::session,
     .severity = Severity::warning,
     .owner = Owner::client,
     .title = "TiDB as a source of DMS: existing data only",
     .shows_as = "SELECT VERSION() names TiDB, and the purpose is dms-source.",
     .summary = "{host} is {server}. TiDB has no MySQL binary log, so DMS migrates what is there "
                "and no ongoing changes.",
     .remedy = kTidbRemedy,
     .look_alikes = "No fault of the task: ongoing changes are missing by design.",
     .decide_by = "",
     .source = "TiDB Cloud, AWS DMS with TiDB Cloud as the source",
     .match = within<For::dms_source, match_tidb>,
     .needs = sign::seen(Phase::session)},
};

}  // namespace

std::span<const Cause> source_causes() { return kRows; }

}  // namespace plumb::session
