// A profile says what is right for one kind of deployment (failure catalogue §4). It is a row of a
// const table; what the profile expects, the causes judge.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "probe/model/vocabulary.hpp"

namespace plumb {

enum class Expected : std::uint8_t { any, private_address, public_address };

struct Profile {
  std::string_view name;
  std::string_view host_pattern;  // regular expression on the lower-case host; empty: only by name
  Expected address = Expected::any;
  std::optional<std::uint16_t> port;  // absent: unknown, 4000 and 3306 are tried
  TlsMode tls = TlsMode::preferred;
  bool behind_load_balancer = false;  // an NLB or gateway is known to stand in front
  // What may greet there (mysql.flavor), separated by blanks, the expected one first; empty: any.
  std::string_view flavors = {};
};

std::span<const Profile> profiles();
const Profile* find_profile(std::string_view name);
const Profile& profile_for_host(std::string_view host);  // falls back to `mysql`

}  // namespace plumb
