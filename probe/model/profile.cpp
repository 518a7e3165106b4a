// The deployments of the failure catalogue, section 4. The patterns are its plain regex list; each
// sample host name there matches exactly one. The first match wins, so order does not decide
// anything as long as that holds (profile_test checks it).
#include "probe/model/profile.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <vector>

#include "probe/model/profile_rows_mysql.hpp"
#include "probe/model/profile_rows_tidb.hpp"

namespace plumb {
namespace {

using profile_rows::kMysqlAndManaged;
using profile_rows::kTidbCloud;

// `mysql`, which nothing is known of, stands first.
constexpr auto kProfiles = [] {
  std::array<Profile, kMysqlAndManaged.size() + kTidbCloud.size()> all;
  std::ranges::copy(kMysqlAndManaged, all.begin());
  std::ranges::copy(kTidbCloud, all.begin() + kMysqlAndManaged.size());
  return all;
}();

struct Alias {
  std::string_view name, stands_for;
};
// TiDB Cloud called the starter tiers "serverless" until 2025.
constexpr std::array<Alias, 3> kAliases{{
    {"tidb-serverless-public-aws", "tidb-starter-public-aws"},
    {"tidb-serverless-private-aws", "tidb-starter-private-aws"},
    {"tidb-serverless-public-alicloud", "tidb-starter-public-alicloud"},
}};

// Every shipped pattern is for a name of theirs. A fleet's other names are spared the patterns.
constexpr std::array<std::string_view, 4> kDomains{".tidbcloud.com", ".tidb-cloud.com",
                                                   ".aliyuncs.com", ".amazonaws.com"};

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
  const bool may_match = std::ranges::any_of(
      kDomains, [&](std::string_view domain) { return host.ends_with(domain); });
  if (!may_match || host.size() > kLongestName) return kProfiles.front();
  for (std::size_t i = 0; i < kProfiles.size(); ++i)
    if (!kProfiles[i].host_pattern.empty() &&
        std::regex_match(host.begin(), host.end(), patterns[i]))
      return kProfiles[i];
  return kProfiles.front();
}

bool may_be_user_of(const Profile& profile, std::string_view user) {
  if (profile.product != Product::tidb_starter) return true;
  constexpr std::size_t kPrefix = 15;
  return user.size() > kPrefix + 1 && user[kPrefix] == '.' &&
         std::all_of(user.begin(), user.begin() + kPrefix, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

std::string_view user_rule(const Profile& profile) {
  return profile.product == Product::tidb_starter
             ? "PREFIX.name, the prefix being the 15 characters that the console's Connect dialog "
               "shows"
             : std::string_view();
}

std::string_view where_to_get(Roots roots) {
  switch (roots) {
    case Roots::system:
      return {};
    case Roots::isrg:
      return "ISRG Root X1 and X2, shipped in plumb; for the application: "
             "https://letsencrypt.org/certs/isrgrootx1.pem";
    case Roots::console:
      return "the cluster's own ca.pem: TiDB Cloud console, Connect > CA cert";
    case Roots::amazon_rds:
      return "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem";
    case Roots::apsaradb:
      return "the instance's CA certificate: ApsaraDB console, Data Security > SSL";
    case Roots::heatwave:
      return "the CA bundle of the DB System's region: HeatWave console";
  }
  return {};
}

}  // namespace plumb
