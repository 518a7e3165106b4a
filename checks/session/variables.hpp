// The server's variables as facts: what kind of server it is, whether it takes writes, how it keeps
// its binary log. A variable that a server does not have gives no fact.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "probe/model/fact.hpp"

namespace plumb::session {

// 'aurora_version', 'basedir', …: those that describe_variables reads, for a statement.
std::string quoted_variables();

// Of them, those that describe_identity reads: who it is, and whether it takes writes.
std::string quoted_identity_variables();
void describe_identity(const std::map<std::string, std::string>& variables, Facts& facts);

// By name, lower case, values as SHOW GLOBAL VARIABLES writes them. `facts` knows session.version.
void describe_variables(const std::map<std::string, std::string>& variables, Facts& facts);

// A whole number from the beginning of the text: 2592000, or 0 of "0.000000".
std::optional<std::int64_t> number_of(const std::string& text);

}  // namespace plumb::session
