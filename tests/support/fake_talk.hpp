// A protocol of one word, for tests of the engine, which knows no MySQL: the server says "ok", "no"
// (to the account's password), "late", or "hangs up" (in place of an answer to the login); silence is
// a drop. What was used to log in is recorded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/wire/check.hpp"

namespace plumb::test {

// "account" or "anonymous", one per conversation begun, in order; behind it " plain" where TLS was
// forbidden, " who" where the server was to be identified, " verify-ca" where that was the policy.
std::vector<std::string>& talks();
const Check& fake_talk();

}  // namespace plumb::test
