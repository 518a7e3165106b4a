#include "checks/mysql/fingerprint.hpp"

#include <cctype>
#include <cstddef>
#include <cstdint>

#include "checks/mysql/words.hpp"

namespace plumb::mysql {
namespace {

// TiProxy repeats its backend's version; its capability word, with and without TLS, is its own.
constexpr std::uint32_t kTiProxy = 0x053BE6EF;

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "8.4.0-u2-cloud", "9.1.0-u3-cloud"
bool is_heatwave(std::string_view version) {
  if (!version.ends_with("-cloud")) return false;
  version.remove_suffix(6);
  const std::size_t dash = version.rfind("-u");
  return dash != std::string_view::npos && dash + 2 < version.size() &&
         version.find_first_not_of("0123456789", dash + 2) == std::string_view::npos;
}

// "8.0.36", "8.4.0-0ubuntu0.1", "5.7.44-log"
bool is_plain_version(std::string_view version) {
  int dots = 0;
  std::size_t at = 0;
  for (; at < version.size() && (digit(version[at]) || version[at] == '.'); ++at)
    if (version[at] == '.') ++dots;
  return !version.empty() && digit(version.front()) && dots == 2 &&
         (at == version.size() || version[at] == '-' || version[at] == '+');
}

std::string_view tidb_kind(const Greeting& greeting) {
  if (says(greeting.version, "-serverless") || says(greeting.version, "-CLOUD."))
    return "tidb-gateway";
  if ((greeting.capabilities & ~capability::kSsl) == kTiProxy) return "tiproxy";
  return "tidb";
}

}  // namespace

std::string_view flavor_of(const Greeting& greeting) {
  const std::string_view version = greeting.version;
  if (says(version, "-TiDB-")) return tidb_kind(greeting);
  if (says(version, "mariadb")) return "mariadb";
  if (says(version, "percona")) return "percona";
  if (says(version, "aurora")) return "aurora";
  if (says(version, "-rds")) return "rds";
  if (is_heatwave(version)) return "heatwave";
  if (is_plain_version(version)) return "mysql";
  return "unknown";
}

}  // namespace plumb::mysql
