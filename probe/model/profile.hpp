// A profile says what is right for one kind of deployment (failure catalogue §4): what should
// answer, where, how its certificate is judged, what is normal there, and from where it can be seen.
// What the profile expects, the causes judge. Rows are const; whoever adds a deployment adds a row,
// and a check asks for what the row says, or for its kind(), never for its name.
//
// Users define profiles of their own (--profile-file): each is like one that is shipped, and says
// what differs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "probe/model/vocabulary.hpp"

namespace plumb {

// What a greeting can be told to come from: the words of mysql.flavor, but for `unknown`.
inline constexpr std::array<std::string_view, 9> kFlavors{
    "mysql", "mariadb", "tidb", "tiproxy", "tidb-gateway", "aurora", "rds", "heatwave", "percona"};

enum class Expected : std::uint8_t { any, private_address, public_address };
enum class Cloud : std::uint8_t { unknown, aws, azure, gcp, alibaba };

// What answers at the end of the path.
enum class Product : std::uint8_t {
  any,
  mariadb,
  tidb_starter,  // Starter and Essential: behind TiDB Cloud's gateway
  tidb_dedicated,
  tidb_premium,
  aurora,
  rds,
  apsaradb,
  heatwave
};

// How the client gets there.
enum class Access : std::uint8_t { any, public_endpoint, private_endpoint, peering, direct };

// Who signs for the server, and where a client gets the file of roots.
enum class Roots : std::uint8_t {
  system,   // nothing is known of it: the system's store
  isrg,     // ISRG Root X1 and X2, shipped in the program
  console,  // a private authority of that cluster: its ca.pem from the TiDB Cloud console
  amazon_rds,
  apsaradb,
  heatwave
};

// From where a run shows what: whose path it is that was measured.
struct Vantage {
  std::string_view from, shows;
};

struct Profile {
  std::string_view name;
  std::string_view title;
  std::string_view host_pattern;  // regular expression on the lower-case host; empty: only by name
  Product product = Product::any;
  Access access = Access::any;
  Cloud cloud = Cloud::unknown;
  Expected address = Expected::any;
  std::optional<std::uint16_t> port = {};  // absent: unknown, 4000 and 3306 are tried
  TlsMode tls = TlsMode::preferred;
  Roots roots = Roots::system;
  std::string_view ca = {},
                   server_name = {};  // of a profile of the user's: as --ca and --server-name
  bool behind_load_balancer = false;  // an NLB or gateway is known to stand in front
  bool only_private_dns = false;      // the name exists only where private DNS provides it
  // What may greet there (mysql.flavor), separated by blanks, the expected one first; empty: any.
  std::string_view flavors = {};
  // The name in the certificate, in words, where it is not the host's; empty: the host's.
  std::string_view certificate_name = {};
  std::span<const std::string_view> normal = {};  // what looks broken there and is not
  std::span<const Vantage> vantages = {};
  std::string_view measured = {};  // whose path a run measures, where it is not the client's own
  std::string_view source = {};
  std::string_view like = {};  // of a profile of the user's: the shipped one it is made from

  // The shipped profile whose rules hold.
  std::string_view kind() const { return like.empty() ? name : like; }
};

template <>
struct Names<Expected> {
  static constexpr std::array<std::string_view, 3> list{"any", "private", "public"};
};

std::span<const Profile> profiles();
const Profile* find_profile(std::string_view name);
const Profile& profile_for_host(std::string_view host);  // falls back to `mysql`

// Whether the account's name can be right there. TiDB Cloud Starter and Essential know accounts by a
// prefix of 15 letters and digits and a point (TiDB Cloud, select a plan: user name prefix).
bool may_be_user_of(const Profile& profile, std::string_view user);
// What the account's name must begin with, in words; empty: nothing is known of it.
std::string_view user_rule(const Profile& profile);
// Where a client gets the roots of this deployment, in words; empty: nothing is known of it.
std::string_view where_to_get(Roots roots);

}  // namespace plumb
