#include "checks/mysql/refusal.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "checks/mysql/words.hpp"

namespace plumb::mysql {
namespace {

constexpr std::uint16_t kUnknownError =
    1105;  // TiDB Cloud's gateway and TiProxy use it for everything

bool is_gateway_text(std::string_view text) {
  return says(text, "docs.pingcap.com") || says(text, "Missing user name prefix") ||
         says(text, "usage quota being exhausted");
}

bool is_tiproxy_text(std::string_view text) {
  return says(text, "No available TiDB instances") ||
         says(text, "TiProxy fails to connect to TiDB") || says(text, "require-backend-tls") ||
         says(text, "Verify TiDB capability failed");
}

bool is_one_of(std::uint16_t code, std::initializer_list<std::uint16_t> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// User or password: wrong, missing, expired (1820, 1862), locked (3118; MariaDB 4151), blocked
// (3955).
bool refuses_the_login(const ServerError& error) {
  if (says(error.text, "ip not in whitelist")) return false;  // ApsaraDB sends it as 1045
  if (error.code == kUnknownError)
    return says(error.text, "Missing user name prefix") || says(error.text, "user-name-prefix");
  return is_one_of(error.code, {1045, 1698, 1820, 1862, 3118, 3955, 4151});
}

}  // namespace

bool forbids_retry(const ServerError& error, bool as_account) {
  return as_account ? refuses_the_login(error) : !keeps_out(error, false);
}

bool keeps_out(const ServerError& error, bool as_account) {
  // Beside the login itself a name nobody knows may lack a plugin (1251, 1524) or a database (1044,
  // 1049).
  return as_account ||
         !(refuses_the_login(error) || is_one_of(error.code, {1044, 1049, 1251, 1524}));
}

std::string_view who_answered(const ServerError& error, std::string_view flavor) {
  if (is_gateway_text(error.text)) return "gateway";
  if (is_tiproxy_text(error.text)) return "tiproxy";
  const bool in_front = flavor == "tidb-gateway" || flavor == "tiproxy";
  return error.code == kUnknownError && in_front ? "unknown" : "server";
}

}  // namespace plumb::mysql
