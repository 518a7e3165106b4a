// One entry of a list → a target, and what it says that differs from the command line. In YAML a
// string is a target alone; a map is
//
//   - target: orders.corp.example:3306
//     profile: aurora-direct
//     purpose: replication-source
//     connect_to: 10.0.0.7            # as --connect-to
//     server_name: orders             # as --server-name, and so on
//     ca: /etc/ssl/orders-ca.pem      # paths as on the command line: from where plumb runs
//     user: checker
//     password_file: /etc/plumb/orders.pw
//     labels: {team: orders, env: prod}
//
// Unknown keys are errors, with their place.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "probe/model/target.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb {

// Empty or absent: as on the command line.
struct OwnOptions {
  std::string profile, ca, password_file, server_name, user;
  std::optional<Purpose> purpose;
  std::optional<Address> connect_to;

  bool operator==(const OwnOptions&) const = default;
};

struct TargetEntry {
  Target target;
  OwnOptions own;
};

// Letters, digits and _, as a Prometheus label's name, and none that plumb's own series have.
bool may_be_label(std::string_view name);

// Exactly one of `entry` and `error` is set.
struct ParsedEntry {
  std::optional<TargetEntry> entry;
  std::string error;     // does not echo a password
  std::size_t line = 0;  // of the error, in the text, from 0
};
ParsedEntry parse_target_entry(std::string_view text, bool is_yaml);

}  // namespace plumb
