// What the user names: host, host:port, [v6]:port, mysql://user@host:port/db. Decoration that
// people paste (jdbc:mysql://, blanks, a trailing slash or dot, upper case) is cleaned, and said.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/address.hpp"

namespace plumb {

struct Target {
  std::string given;  // as typed, printable; never holds a password (such a URL is refused)
  std::string host;   // lower case, no trailing dot; an address without brackets
  std::optional<std::uint16_t> port;  // absent: the profile's, or 4000 and 3306 (design.md §2.1)
  std::string user;
  std::string database;
  std::map<std::string, std::string> labels;  // of a list of targets: for reports and metrics
  std::vector<std::string> cleaned;  // what was taken off, one phrase each: "a 'jdbc:' prefix"

  std::optional<Address> literal() const { return Address::parse(host); }
  std::string to_string() const;  // "host:port", "host" without a port
};

struct TargetError {
  std::string message;  // what is wrong and what to do; does not echo a password
};

// Exactly one of the two is set.
struct ParsedTarget {
  std::optional<Target> target;
  TargetError error;
};
ParsedTarget parse_target(std::string_view text);

}  // namespace plumb
