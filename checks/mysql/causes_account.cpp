// The server refuses the configured account. The refusal of the anonymous login is none of these.
//
// A refusal has other readings in the same words: the account requires TLS or a client certificate,
// or a private endpoint leads to another cluster. The password is not sent twice to find out.
#include <string_view>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/tls/evidence.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

bool was_withheld(const Observation& seen) {
  return seen.facts.get_or(key::full_auth_withheld, false);
}
bool is_unserved(const Observation& seen) {
  return seen.facts.get_or(key::auth_unsupported, false);
}

// A refusal says something about the password only if one was proven.
constexpr Pattern kDenied{is_denied, Confidence::certain, Severity::error,
                          "no password of an account was refused"};
constexpr Pattern kDeniedInClear{[](const Observation& seen) {
                                   return kDenied.applies(seen) &&
                                          !seen.facts.get_or(key::login_secure, false);
                                 },
                                 Confidence::possible, Severity::error,
                                 "no account was refused on a connection without TLS", 110};
constexpr Pattern kPluginError{[](const Observation& seen) {
                                 return as_account(seen) && is_error(seen, {1251, 1524});
                               },
                               Confidence::certain, Severity::error,
                               "no server wants a plugin that we do not speak"};
constexpr Pattern kPluginUnserved{
    [](const Observation& seen) {
      return as_account(seen) && is_unserved(seen) && seen.failure == Failure::mysql_error;
    },
    Confidence::likely, Severity::error, "no server wants a plugin that we do not speak"};
constexpr Pattern kNeedsChannel{
    [](const Observation& seen) {
      return as_account(seen) && was_withheld(seen) && seen.failure.has_value();
    },
    Confidence::certain, Severity::error, "no server wanted the password itself without TLS"};
constexpr Pattern kExpired{[](const Observation& seen) {
                             return as_account(seen) && is_error(seen, {1820, 1862});
                           },
                           Confidence::likely, Severity::error,
                           "no server says that the password has expired"};
constexpr Pattern kLocked{[](const Observation& seen) {
                            return as_account(seen) && is_error(seen, {3118, 3955, 4151});
                          },
                          Confidence::likely, Severity::error,
                          "no server says that the account is locked"};
constexpr Pattern kNoDatabase{
    [](const Observation& seen) { return as_account(seen) && is_error(seen, {1049}); },
    Confidence::certain, Severity::error, "no server misses the database"};
constexpr Pattern kNoRight{
    [](const Observation& seen) { return as_account(seen) && is_error(seen, {1044}); },
    Confidence::certain, Severity::error, "no server denies the account the database"};

constexpr std::string_view kSameOverTls =
    "A login over TLS (plumb check --tls required): refused as well, it is user or password; "
    "accepted, the account requires TLS.";
constexpr std::string_view kWhatItRequires =
    "SHOW CREATE USER for '{user}': without REQUIRE SSL, X509, SUBJECT or ISSUER it is user or "
    "password.";
constexpr std::string_view kWhoseServer =
    "plumb check --tls verify-full with the cluster's CA: a certificate for this name, and refused "
    "as well, it is user or password; one for another name, the endpoint leads to another server.";

// The server asked for a client certificate; an account with REQUIRE X509 is refused without one.
bool was_asked_for_certificate(const Case& about, const Observation& login) {
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (seen.phase == Phase::tls && seen.endpoint == login.endpoint &&
        seen.facts.get_or(plumb::key::tls_client_cert_requested, false))
      return true;
  return false;
}

// One endpoint service leads to one cluster: made for another, it ends at a server that does not
// know the account. A certificate for the name tells them apart.
bool may_be_another_cluster(const Case& about, const Observation& login) {
  return about.profile->access == Access::private_endpoint &&
         !tls::proved_name(about, login.endpoint);
}

// What decides between user or password and another reading; empty: there is no other.
std::string_view other_reading(const Case& about, const Observation& login) {
  if (kDeniedInClear.applies(login))
    return offers_tls(about, login.endpoint) ? kSameOverTls : kWhatItRequires;
  if (was_asked_for_certificate(about, login))
    return "SHOW CREATE USER for '{user}': without REQUIRE X509 (or SUBJECT, ISSUER) it is user or "
           "password.";
  return may_be_another_cluster(about, login) ? kWhoseServer : std::string_view();
}

Verdict match_denied(const Case& about) {
  Verdict verdict = match(about, kDenied);
  if (!verdict.matched) return verdict;
  const Observation& login = *about.evidence.find(verdict.evidence.front());
  verdict.decide_by = other_reading(about, login);
  if (!verdict.decide_by.empty()) verdict.confidence = Confidence::likely;
  return verdict;
}

Verdict match_requires_tls(const Case& about) {
  Verdict verdict = match(about, kDeniedInClear);
  if (!verdict.matched) return verdict;
  const Observation& login = *about.evidence.find(verdict.evidence.front());
  const bool offered = offers_tls(about, login.endpoint);
  if (!offered) verdict.decide_by = kWhatItRequires;
  verdict.bindings.emplace_back("offer", offered ? "although it offers TLS" : "and offers none");
  const Tries over_tls = tries_of(about, experiment::kWithTls, login.endpoint);
  verdict.evidence.insert(verdict.evidence.end(), over_tls.proof.begin(), over_tls.proof.end());
  return verdict;
}

constexpr RemedyTemplate kRequireTlsRemedy[] = {
    {"Log in over TLS (HeatWave channels: SSL mode Required; DMS: verify-ca).",
     "plumb check --tls required --user {user} --password-file <file> {host}:{port}"},
    {"See what the account requires.", "mysql -e \"SHOW CREATE USER '{user}'@'%'\""},
    {"If policy allows connections without TLS: lift the requirement.",
     "mysql -e \"ALTER USER '{user}'@'%' REQUIRE NONE\""}};
constexpr RemedyTemplate kDeniedRemedy[] = {
    {"Look at the account: no row, no such account; else its host part must match {server_sees}, "
     "the address the server sees.",
     "mysql -e \"SELECT user, host, plugin FROM mysql.user WHERE user = '{user}'\""},
    {"If nobody knows the password: set a new one. Every client of the account needs it then.",
     "mysql -e \"ALTER USER '{user}'@'%' IDENTIFIED BY '<new-password>'\""}};
constexpr RemedyTemplate kPluginRemedy[] = {
    {"Give the account a plugin that its clients speak.",
     "mysql -e \"ALTER USER '{user}'@'%' IDENTIFIED WITH caching_sha2_password BY "
     "'<new-password>'\""},
    {"For old drivers on MariaDB, TiDB and MySQL up to 8.4: mysql_native_password.", ""}};
constexpr RemedyTemplate kChannelRemedy[] = {
    {"Switch TLS on in the client (MariaDB's: --ssl in place of --ssl-mode).",
     "mysql --ssl-mode=REQUIRED -h {host} -P {port} -u {user} -p"},
    {"On a trusted path to MySQL (not TiDB) the server's public key does as well.",
     "mysql --get-server-public-key -h {host} -P {port} -u {user} -p"}};
constexpr RemedyTemplate kExpiredRemedy[] = {
    {"Set a new password; the account itself may do it (MariaDB: SET PASSWORD = PASSWORD('…')).",
     "mysql --connect-expired-password -h {host} -P {port} -u {user} -p -e \"ALTER USER USER() "
     "IDENTIFIED BY "
     "'<new-password>'\""}};
constexpr RemedyTemplate kLockedRemedy[] = {
    {"Unlock the account, after it is clear who locked it or who tried wrong passwords.",
     "mysql -e \"ALTER USER '{user}'@'%' ACCOUNT UNLOCK\""}};
constexpr RemedyTemplate kDatabaseRemedy[] = {
    {"Correct the name (on TiDB Cloud Starter `test` exists from the start), or create the "
     "database.",
     "mysql -e \"CREATE DATABASE {database}\""}};
constexpr RemedyTemplate kRightRemedy[] = {
    {"Grant the account what it needs.",
     "mysql -e \"GRANT SELECT ON {database}.* TO '{user}'@'%'\""},
    {"See what it has.", "mysql -e \"SHOW GRANTS FOR '{user}'@'%'\""}};

constexpr std::string_view kDenial[] = {"mysql-access-denied-1045"};

const Cause kRows[] = {
    {"mysql-access-denied-1045",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "User or password are refused",
     "Error 1045: Access denied for user 'u'@'host' (using password: YES).",
     "The server at {address} refuses the account {user}. The server sees it come from "
     "{server_sees}; behind a "
     "load balancer or "
     "gateway that is its address, not this host's. The password was sent once and is not sent "
     "again in this run (wait: not before --retry-auth).",
     kDeniedRemedy,
     "'using password: NO' although one was given: it was lost on the way. Refused only without "
     "TLS: mysql-user-requires-ssl. A link to docs.pingcap.com in the text: the gateway, not the "
     "server. A private endpoint that leads to another cluster: cloud-endpoint-wrong-service-name.",
     "",
     "MySQL share/messages_to_clients.txt",
     match_denied,
     {},
     sign::talk_failed},
    {"mysql-user-requires-ssl",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "The account requires TLS, and this connection was without",
     "Error 1045 on a connection without TLS; the same login over TLS is accepted.",
     "The server at {address} refused {user} on a connection without TLS, {offer}. An account with "
     "REQUIRE SSL is refused in just these words.",
     kRequireTlsRemedy,
     "A wrong password gives the same packet: mysql-access-denied-1045. REQUIRE X509 is refused "
     "over TLS too, without a client certificate.",
     kSameOverTls,
     "HeatWave on AWS, replication user with REQUIRE SSL; MySQL manual, CREATE USER",
     match_requires_tls,
     {},
     sign::talk_failed},
    {"mysql-auth-plugin-unsupported", Layer::mysql, Severity::error, Owner::dba,
     "The account uses a plugin that is not spoken here",
     "Error 1251 or 1524, or a request to switch to a plugin other than mysql_native_password and "
     "caching_sha2_password.",
     "The server at {address} wants {user} to authenticate by {plugin}, which plumb and many "
     "drivers do not "
     "speak; the password was "
     "not tried.",
     kPluginRemedy,
     "MySQL answers some unknown user names with a request for sha256_password: the account may "
     "not exist at all. "
     "MySQL 9 has no mysql_native_password.",
     "SELECT user, host, plugin FROM mysql.user WHERE user = '{user}'.",
     "MySQL 9.0 release notes; TiDB conn.go", by_either<kPluginError, kPluginUnserved>, kDenial,
     sign::talk_failed},
    {"mysql-sha2-needs-secure-channel", Layer::mysql, Severity::error, Owner::client,
     "caching_sha2_password needs TLS here",
     "Authentication data 01 04 (full authentication) without TLS; client error 2061.",
     "The server at {address} wants the password of {user} itself, which must not travel without "
     "TLS; it was not "
     "sent.",
     kChannelRemedy,
     "TiDB always asks for it and has no key exchange; MySQL asks only until the account is in its "
     "cache.",
     "", "TiDB pkg/server/conn.go; MySQL manual, caching_sha2_password", by<kNeedsChannel>,
     kDenial},
    {"mysql-password-expired-1820-1862",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The password has expired",
     "Error 1862 at login, 1820 at the first statement.",
     "The password of {user} has expired on {address}; it is not sent again in this run.",
     kExpiredRemedy,
     "1862 comes to clients that cannot handle expired passwords, 1820 to those that can.",
     "SELECT password_expired FROM mysql.user WHERE user = '{user}'.",
     "MySQL manual, server handling of expired passwords",
     by<kExpired>,
     {},
     sign::talk_failed},
    {"mysql-account-locked-3118",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The account is locked",
     "Error 3118 (MySQL), 4151 (MariaDB), or 3955 after too many wrong passwords.",
     "The account {user} is locked on {address}: \"{message}\". Its password is not sent again in "
     "this run.",
     kLockedRemedy,
     "3955 ends by itself after PASSWORD_LOCK_TIME; the other two do not.",
     "SHOW CREATE USER for '{user}': ACCOUNT LOCK, FAILED_LOGIN_ATTEMPTS.",
     "MySQL error reference",
     by<kLocked>,
     {},
     sign::talk_failed},
    {"mysql-unknown-database-1049",
     Layer::mysql,
     Severity::error,
     Owner::client,
     "The database does not exist",
     "Error 1049 after the login.",
     "The login of {user} is good, but the server at {address} has no database {database}. The "
     "network is "
     "healthy.",
     kDatabaseRemedy,
     "1044: it exists, but not for this account.",
     "",
     "MySQL messages",
     by<kNoDatabase>,
     {},
     sign::talk_failed},
    {"mysql-db-access-denied-1044",
     Layer::mysql,
     Severity::error,
     Owner::dba,
     "The account may not use the database",
     "Error 1044 after the login.",
     "The login of {user} is good, but it may not use the database {database} on {address}. The "
     "network is healthy.",
     kRightRemedy,
     "1045 is about the login itself.",
     "",
     "MySQL messages",
     by<kNoRight>,
     {},
     sign::talk_failed},
};

}  // namespace

std::span<const Cause> account_causes() { return kRows; }

}  // namespace plumb::mysql
