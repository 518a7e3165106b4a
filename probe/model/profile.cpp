// The deployments of the failure catalogue, section 4. The patterns are its plain regex list; each
// sample host name there matches exactly one. The first match wins, so order does not decide
// anything as long as that holds (profile_test checks it).
#include "probe/model/profile.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
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

// A regular expression costs microseconds to match and milliseconds to make, and a fleet has many
// names that match none of them. So a name must first begin and end as the pattern does, as far as
// that is literal; and the first name that does has the expression made, whichever thread asks.
class HostPattern {
 public:
  explicit HostPattern(const Profile& row);

  const Profile& profile() const { return *profile_; }
  std::string_view end() const { return end_; }
  bool matches(std::string_view host) const {
    if (!host.ends_with(end_) || !host.starts_with(begin_)) return false;
    std::call_once(made_, [this] {
      whole_.assign(std::string(profile_->host_pattern), std::regex::optimize);
    });
    return std::regex_match(host.begin(), host.end(), whole_);
  }

 private:
  const Profile* profile_;
  std::string begin_, end_;
  mutable std::once_flag made_;
  mutable std::regex whole_;  // once made_
};

bool is_literal(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// Letters, digits, '-' and "\\." from the front. What a quantifier follows is none.
std::string literal_begin(std::string_view pattern) {
  std::string out;
  while (!pattern.empty()) {
    const bool dot = pattern.starts_with("\\.");
    if (!dot && !is_literal(pattern.front())) break;
    out += dot ? '.' : pattern.front();
    pattern.remove_prefix(dot ? 2 : 1);
  }
  const bool quantified =
      !pattern.empty() && std::string_view("?*+{|").find(pattern.front()) != std::string_view::npos;
  if (quantified && !out.empty()) out.pop_back();
  return out;
}

std::string literal_end(std::string_view pattern) {
  std::string out;
  while (!pattern.empty()) {
    const bool dot = pattern.ends_with("\\.");
    const char before = pattern.size() > 1 ? pattern[pattern.size() - 2] : '\0';
    if (!dot && (!is_literal(pattern.back()) || before == '\\')) break;
    out.insert(out.begin(), dot ? '.' : pattern.back());
    pattern.remove_suffix(dot ? 2 : 1);
  }
  return out;
}

HostPattern::HostPattern(const Profile& row)
    : profile_(&row),
      begin_(literal_begin(row.host_pattern)),
      end_(literal_end(row.host_pattern)) {}

// By the last letter of what they match: an address has none of them, nor have most names that no
// profile knows. The few patterns whose end is not literal are asked in any case.
class HostPatterns {
 public:
  HostPatterns() {
    for (const Profile& profile : kProfiles) {
      if (profile.host_pattern.empty()) continue;
      const HostPattern& pattern = patterns_.emplace_back(profile);
      all_.push_back(&pattern);
      if (pattern.end().empty())
        open_ended_.push_back(&pattern);
      else
        last_letters_[static_cast<unsigned char>(pattern.end().back())] = true;
    }
  }
  const Profile* find(std::string_view host) const {
    const bool ends_like_one =
        !host.empty() && last_letters_[static_cast<unsigned char>(host.back())];
    for (const HostPattern* pattern : ends_like_one ? all_ : open_ended_)
      if (pattern->matches(host)) return &pattern->profile();
    return nullptr;
  }

 private:
  std::deque<HostPattern> patterns_;
  std::vector<const HostPattern*> all_, open_ended_;
  std::array<bool, 256> last_letters_{};
};

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
  static const HostPatterns patterns;
  constexpr std::size_t kLongestName = 253;  // std::regex recurses along its input
  const Profile* found = host.size() > kLongestName ? nullptr : patterns.find(host);
  return found ? *found : kProfiles.front();
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
