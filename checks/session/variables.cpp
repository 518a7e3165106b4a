#include "checks/session/variables.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/session/facts.hpp"
#include "probe/model/printable.hpp"

namespace plumb::session {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr std::string_view kTexts[] = {
    "binlog_format", "binlog_row_image",         "binlog_checksum",
    "gtid_mode",     "enforce_gtid_consistency", "sql_mode"};
constexpr const plumb::key::Text* kTextKeys[] = {
    &key::binlog_format, &key::binlog_row_image,         &key::binlog_checksum,
    &key::gtid_mode,     &key::enforce_gtid_consistency, &key::sql_mode};
static_assert(std::size(kTexts) == std::size(kTextKeys));

// Who it is; server_uid is MariaDB's server_uuid.
constexpr std::string_view kIdentity[] = {"hostname", "server_id", "server_uuid", "server_uid",
                                          "aurora_server_id"};

// Any of them ON: writes are refused.
constexpr std::string_view kReadOnly[] = {"read_only", "super_read_only", "innodb_read_only",
                                          "tidb_super_read_only", "tidb_restricted_read_only"};
constexpr std::string_view kOthers[] = {"aurora_version",
                                        "basedir",
                                        "version_comment",
                                        "log_bin",
                                        "binlog_expire_logs_seconds",
                                        "expire_logs_days",
                                        "time_zone",
                                        "system_time_zone",
                                        "lower_case_table_names"};

const std::string* find(const Variables& variables, std::string_view name) {
  const auto found = variables.find(std::string(name));
  return found == variables.end() ? nullptr : &found->second;
}

bool says(const Variables& variables, std::string_view name, std::string_view part) {
  const std::string* value = find(variables, name);
  return value && value->find(part) != std::string::npos;
}

bool is_on(const std::string& value) { return value == "ON" || value == "1"; }

// The binaries of a managed server lie under /rdsdbbin; a MariaDB there is told what MariaDB needs
// to be told, so its kind comes first.
std::string kind_of(const std::string& version, const Variables& variables) {
  const auto has = [&](std::string_view part) { return version.find(part) != std::string::npos; };
  if (has("TiDB") || says(variables, "version_comment", "TiDB")) return "tidb";
  if (find(variables, "aurora_version")) return "aurora";
  if (says(variables, "basedir", "rdsdbbin")) return "rds";
  if (has("MariaDB") || says(variables, "version_comment", "MariaDB")) return "mariadb";
  return version.ends_with("-cloud") ? "heatwave" : "mysql";
}

void set_number(const Variables& variables, std::string_view name, const plumb::key::Number& key,
                Facts& facts) {
  const std::string* value = find(variables, name);
  if (const auto number = value ? number_of(*value) : std::nullopt) facts.set(key, *number);
}

// Seconds where there are seconds; the days of older servers otherwise. MySQL 8 has both, and the
// seconds win unless they are zero.
void set_retention(const Variables& variables, Facts& facts) {
  const std::string* seconds = find(variables, "binlog_expire_logs_seconds");
  const std::string* days = find(variables, "expire_logs_days");
  const auto kept = seconds ? number_of(*seconds) : std::nullopt;
  if (kept && (*kept > 0 || !days)) return facts.set(key::binlog_retention_s, *kept);
  if (!days) return;
  const double length = std::strtod(days->c_str(), nullptr);
  if (length >= 0 && length < 1e6)
    facts.set(key::binlog_retention_s, static_cast<std::int64_t>(std::llround(length * 86400)));
}

void set_time_zone(const Variables& variables, Facts& facts) {
  const std::string* zone = find(variables, "time_zone");
  const std::string* system = find(variables, "system_time_zone");
  if (!zone) return;
  facts.set(key::time_zone, printable(*zone == "SYSTEM" && system ? *system : *zone));
}

void set_read_only(const Variables& variables, Facts& facts) {
  std::vector<std::string> by;
  bool known = false;
  for (const std::string_view name : kReadOnly) {
    const std::string* value = find(variables, name);
    known = known || value;
    if (value && is_on(*value)) by.emplace_back(name);
  }
  if (known) facts.set(key::read_only_by, std::move(by));
}

void set_text(const Variables& variables, std::string_view name, const plumb::key::Text& key,
              Facts& facts) {
  if (const std::string* value = find(variables, name)) facts.set(key, printable(*value));
}

void quote(std::span<const std::string_view> names, std::string& out) {
  for (const std::string_view name : names)
    out += (out.empty() ? "'" : ", '") + std::string(name) + "'";
}

}  // namespace

std::string quoted_variables() {
  std::string out = quoted_identity_variables();
  quote(kTexts, out);
  quote(kOthers, out);
  return out;
}

std::string quoted_identity_variables() {
  std::string out;
  quote(kIdentity, out);
  quote(kReadOnly, out);
  return out;
}

void describe_identity(const Variables& variables, Facts& facts) {
  set_text(variables, "hostname", key::hostname, facts);
  set_text(variables, "server_uuid", key::server_uuid, facts);
  set_text(variables, "server_uid", key::server_uuid, facts);
  set_text(variables, "aurora_server_id", key::instance, facts);
  set_number(variables, "server_id", key::server_id, facts);
  set_read_only(variables, facts);
}

void describe_variables(const Variables& variables, Facts& facts) {
  describe_identity(variables, facts);
  facts.set(key::server, kind_of(facts.get_or(key::version, std::string()), variables));
  for (std::size_t i = 0; i < std::size(kTexts); ++i)
    set_text(variables, kTexts[i], *kTextKeys[i], facts);
  if (const std::string* value = find(variables, "log_bin")) facts.set(key::log_bin, is_on(*value));
  set_number(variables, "lower_case_table_names", key::lower_case_table_names, facts);
  set_retention(variables, facts);
  set_time_zone(variables, facts);
}

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

}  // namespace plumb::session
