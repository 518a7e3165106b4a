// The deployments of the failure catalogue, section 4. The patterns are its plain regex list; each
// sample host name there matches exactly one. The first match wins, so order does not decide
// anything as long as that holds (profile_test checks it).
#include "probe/model/profile.hpp"

#include <array>
#include <regex>
#include <string>
#include <vector>

namespace plumb {
namespace {

constexpr auto kPrivate = Expected::private_address;
constexpr auto kPublic = Expected::public_address;
constexpr auto kRequired = TlsMode::required;
constexpr auto kPreferred = TlsMode::preferred;

// Catalogue §3.3. Aurora and RDS greet as plain MySQL does.
constexpr std::string_view kTidb = "tidb tidb-gateway tiproxy";
constexpr std::string_view kAurora = "aurora mysql rds";
constexpr std::string_view kRds = "rds mysql mariadb aurora";
constexpr std::string_view kApsara = "mysql mariadb rds";

// The public starter tiers force TLS. Verifying it fully by default needs their roots shipped with
// the program; until then `required` is what a client without further files can do.
constexpr std::array<Profile, 17> kProfiles{{
    {"mysql", "", Expected::any, std::nullopt, kPreferred, false},
    {"mariadb", "", Expected::any, 3306, kPreferred, false, "mariadb"},
    {"tidb-starter-public-aws", R"(gateway\d{2}\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com)", kPublic,
     4000, kRequired, true, kTidb},
    {"tidb-starter-private-aws",
     R"(gateway\d{2}-privatelink\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com)", kPrivate, 4000,
     kPreferred, true, kTidb},
    {"tidb-starter-public-alicloud", R"(gateway\d{2}\.[a-z0-9-]+\.prod\.alicloud\.tidbcloud\.com)",
     kPublic, 4000, kRequired, true, kTidb},
    {"tidb-private-alicloud", R"(ep-[a-z0-9]+[a-z0-9.-]*\.privatelink\.aliyuncs\.com)", kPrivate,
     4000, kPreferred, true, kTidb},
    {"tidb-dedicated-public", R"(tidb\.[a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com)", kPublic,
     4000, kPreferred, true, kTidb},
    {"tidb-dedicated-peering",
     R"(private-tidb\.([a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com|[a-z0-9.-]+\.[a-z0-9-]+\.prod\.aws\.tidbcloud\.com))",
     kPrivate, 4000, kPreferred, true, kTidb},
    {"tidb-dedicated-private",
     R"(privatelink-\d+\.[a-z0-9]+\.clusters(\.staging)?\.tidb-cloud\.com)", kPrivate, 4000,
     kPreferred, true, kTidb},
    {"tidb-premium", "", Expected::any, 4000, kPreferred, true, kTidb},
    {"aws-vpce",
     R"(vpce-[0-9a-f]+-[a-z0-9]+(-[a-z]{2}(-[a-z]+)+-\d[a-z])?\.vpce-svc-[0-9a-f]+\.[a-z0-9-]+\.vpce\.amazonaws\.com)",
     kPrivate, std::nullopt, kPreferred, true},
    {"heatwave-egress-aurora", "", kPrivate, 3306, kRequired, true, kAurora},
    {"heatwave-private", "", kPrivate, 3306, kRequired, true, "heatwave mysql"},
    {"aurora-direct",
     R"([a-z0-9-]+\.cluster-(ro-|custom-)?[a-z0-9]+\.[a-z]{2}(-[a-z]+)+-\d\.rds\.amazonaws\.com)",
     Expected::any, 3306, kPreferred, false, kAurora},
    {"rds-direct", R"([a-z0-9-]+\.[a-z0-9]+\.[a-z]{2}(-[a-z]+)+-\d\.rds\.amazonaws\.com)",
     Expected::any, 3306, kPreferred, false, kRds},
    {"alibaba-rds", R"(rm-[a-z0-9]+\.mysql(\.[a-z0-9-]+)?\.rds\.aliyuncs\.com)", kPrivate, 3306,
     kPreferred, false, kApsara},
    {"essential-plc-to-rds", "", kPrivate, 3306, kPreferred, true, kApsara},
}};

struct Alias {
  std::string_view name, stands_for;
};
// TiDB Cloud called the starter tiers "serverless" until 2025.
constexpr std::array<Alias, 3> kAliases{{
    {"tidb-serverless-public-aws", "tidb-starter-public-aws"},
    {"tidb-serverless-private-aws", "tidb-starter-private-aws"},
    {"tidb-serverless-public-alicloud", "tidb-starter-public-alicloud"},
}};

std::vector<std::regex> compile_patterns() {
  std::vector<std::regex> compiled;
  for (const Profile& profile : kProfiles)
    compiled.emplace_back(std::string(profile.host_pattern),
                          std::regex::ECMAScript | std::regex::optimize);
  return compiled;
}

}  // namespace

std::span<const Profile> profiles() { return kProfiles; }

const Profile* find_profile(std::string_view name) {
  for (const Alias& alias : kAliases)
    if (alias.name == name) name = alias.stands_for;
  for (const Profile& profile : kProfiles)
    if (profile.name == name) return &profile;
  return nullptr;
}

const Profile& profile_for_host(std::string_view host) {
  static const std::vector<std::regex> patterns = compile_patterns();
  constexpr std::size_t kLongestName = 253;  // std::regex recurses along its input
  if (host.size() > kLongestName) return kProfiles.front();
  for (std::size_t i = 0; i < kProfiles.size(); ++i)
    if (!kProfiles[i].host_pattern.empty() &&
        std::regex_match(host.begin(), host.end(), patterns[i]))
      return kProfiles[i];
  return kProfiles.front();
}

}  // namespace plumb
