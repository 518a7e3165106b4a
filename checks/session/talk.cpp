#include "checks/session/talk.hpp"

#include <algorithm>
#include <utility>

#include "checks/session/facts.hpp"
#include "checks/session/grants.hpp"
#include "checks/session/variables.hpp"
#include "probe/model/printable.hpp"

namespace plumb::session {
namespace {

using wire::SessionResult;

constexpr std::size_t kMostGrants = 200;
constexpr unsigned kParseError = 1064;

// Column `at` of the first row; empty where there is none, or NULL.
std::string cell(const SessionResult& result, std::size_t at) {
  if (result.rows.empty() || at >= result.rows.front().size()) return {};
  return result.rows.front()[at].value_or("");
}

template <class Each>
void for_pairs(const SessionResult& result, Each each) {
  for (const auto& row : result.rows)
    if (row.size() >= 2 && row[0]) each(*row[0], row[1].value_or(""));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

bool Talk::is_source() const {
  return purpose_ == Purpose::dms_source || purpose_ == Purpose::replication_source;
}

bool Talk::applies(Step step) const {
  switch (step) {
    case Step::grants:
    case Step::role:
    case Step::create_user:
      return purpose_ != Purpose::connect;
    case Step::role_grants:
      return !role_.empty();
    case Step::binlog_status:
      return is_source() && server_ != "tidb";
    case Step::old_binlog_status:
      return old_status_;
    case Step::rds:
      return is_source() && (server_ == "aurora" || server_ == "rds");
    case Step::foreign_keys:
      return purpose_ == Purpose::dms_target;
    default:
      return true;
  }
}

std::string Talk::statement(Step step) const {
  switch (step) {
    case Step::identity:
      return "SELECT VERSION(), CURRENT_USER(), USER()";
    case Step::tls:
      return "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version', 'Ssl_cipher')";
    case Step::variables:
      return "SHOW GLOBAL VARIABLES WHERE Variable_name IN (" + quoted_variables() + ")";
    case Step::grants:
      return "SHOW GRANTS FOR CURRENT_USER()";
    case Step::role:
      return "SELECT CURRENT_ROLE()";
    case Step::role_grants:
      return server_ == "mariadb" ? "SHOW GRANTS FOR CURRENT_ROLE"
                                  : "SHOW GRANTS FOR CURRENT_USER() USING " + role_;
    case Step::create_user:
      return "SHOW CREATE USER CURRENT_USER()";
    case Step::binlog_status:
      return server_ == "mariadb" ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS";
    case Step::old_binlog_status:
      return "SHOW MASTER STATUS";  // MySQL before 8.2
    case Step::rds:
      return "CALL mysql.rds_show_configuration";
    case Step::foreign_keys:
      return "SET FOREIGN_KEY_CHECKS=0";
    default:
      return {};
  }
}

std::optional<std::string> Talk::next(const SessionResult* previous) {
  if (previous) read(*previous);
  while (step_ != Step::end) {
    step_ = static_cast<Step>(static_cast<int>(step_) + 1);
    if (step_ != Step::end && applies(step_)) return statement(step_);
  }
  return std::nullopt;
}

void Talk::read(const SessionResult& result) {
  switch (step_) {
    case Step::identity:
      return read_identity(result);
    case Step::tls:
      return read_tls(result);
    case Step::variables:
      return read_variables(result);
    case Step::grants:
    case Step::role_grants:
      return read_grants(result);
    case Step::role:
      // MySQL writes NONE for none, MariaDB NULL; a server without roles does not know the function.
      if (const std::string role = cell(result, 0); role != "NONE") role_ = role;
      return;
    case Step::create_user:
      return read_create_user(result);
    case Step::binlog_status:
    case Step::old_binlog_status:
      return read_binlog_status(result);
    case Step::rds:
      return read_rds(result);
    case Step::foreign_keys:
      if (result.error) facts_.set(key::foreign_key_checks_refused, printable(result.error->text));
      return;
    default:
      return;
  }
}

void Talk::hide(const std::string& what, const wire::SessionError& error) {
  hidden_.push_back(what + ": error " + std::to_string(error.code) + ", " + printable(error.text));
}

void Talk::read_identity(const SessionResult& result) {
  if (result.error) return hide("version and account", *result.error);
  facts_.set(key::version, printable(cell(result, 0)));
  facts_.set(key::current_user, printable(cell(result, 1)));
  facts_.set(key::user, printable(cell(result, 2)));
}

void Talk::read_tls(const SessionResult& result) {
  if (result.error) return hide("TLS in force", *result.error);
  for_pairs(result, [this](const std::string& name, const std::string& value) {
    const bool version = contains(name, "version") || contains(name, "VERSION");
    facts_.set(version ? key::tls_version : key::tls_cipher, printable(value));
  });
}

void Talk::read_variables(const SessionResult& result) {
  if (result.error) return hide("variables", *result.error);
  for_pairs(result, [this](const std::string& name, const std::string& value) {
    variables_[name] = value;
  });
  describe_variables(variables_, facts_);
  server_ = facts_.get_or(key::server, std::string());
}

void Talk::read_grants(const SessionResult& result) {
  if (result.error) return hide("rights", *result.error);
  for (const auto& row : result.rows) {
    const auto grant = row.empty() || !row[0] ? std::nullopt : parse_grant(*row[0]);
    if (!grant) continue;
    std::string line = printable(to_string(*grant), 1024);
    const bool known = std::ranges::find(grants_, line) != grants_.end();
    if (!known && grants_.size() < kMostGrants) grants_.push_back(std::move(line));
  }
  facts_.set(key::grants, grants_);
}

// The text holds the hash of the password: one word is read out of it, nothing is kept.
void Talk::read_create_user(const SessionResult& result) {
  if (result.error) return hide("whether the account requires TLS", *result.error);
  const std::string text = cell(result, 0);
  const auto says = [&](std::string_view what) { return contains(text, what); };
  facts_.set(key::requires_ssl, says(" REQUIRE SSL") || says(" REQUIRE X509") ||
                                    says(" REQUIRE SUBJECT") || says(" REQUIRE ISSUER") ||
                                    says(" REQUIRE CIPHER"));
}

void Talk::read_binlog_status(const SessionResult& result) {
  old_status_ = step_ == Step::binlog_status && result.error && result.error->code == kParseError &&
                server_ != "mariadb";
  if (old_status_) return;
  if (result.error) return hide("binary log file and position", *result.error);
  if (cell(result, 0).empty()) return;  // no binary log
  facts_.set(key::binlog_file, printable(cell(result, 0)));
  if (const auto position = number_of(cell(result, 1))) facts_.set(key::binlog_position, *position);
}

void Talk::read_rds(const SessionResult& result) {
  if (result.error) return hide("binlog retention hours", *result.error);
  for (const auto& row : result.rows)
    if (row.size() >= 2 && row[0] == "binlog retention hours")
      facts_.set(key::rds_retention_hours, printable(row[1].value_or("NULL")));
}

Observation Talk::observation() const {
  Observation seen;
  seen.phase = Phase::session;
  seen.facts = facts_;
  if (!hidden_.empty()) seen.facts.set(key::hidden, hidden_);
  return seen;
}

std::unique_ptr<wire::SessionTalk> begin_talk(Purpose purpose) {
  return std::make_unique<Talk>(purpose);
}

}  // namespace plumb::session
