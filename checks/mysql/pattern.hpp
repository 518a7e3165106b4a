// How a row of ours is found: a predicate over one greeting or login observation, and how sure and
// how bad a hit is. Errors are matched on number and message, never on the SQLSTATE: many servers
// leave it out.
//
// A fault of one address beside another that let the same kind of login through is a warning: the
// application gets through, this address needs care.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "probe/model/cause.hpp"

namespace plumb::mysql {

struct Pattern {
  bool (*applies)(const Observation&);
  Confidence confidence;
  Severity severity;
  std::string_view miss;  // why it does not apply, a short clause
  int rank = 100;
};

// Bound for the texts: address, code, message, user, server_sees, plugin, database, banner,
// protocol, waited.
Verdict match(const Case& about, const Pattern& pattern);
// The first of two patterns that hits; the miss of the first.
Verdict match(const Case& about, const Pattern& pattern, const Pattern& otherwise);

template <const Pattern& kPattern>
Verdict by(const Case& about) {
  return match(about, kPattern);
}
template <const Pattern& kFirst, const Pattern& kSecond>
Verdict by_either(const Case& about) {
  return match(about, kFirst, kSecond);
}

// An error packet that keeps a client out, in place of the greeting or in answer to a login.
bool is_error(const Observation& seen, std::initializer_list<int> codes);
bool error_says(const Observation& seen, std::string_view words);
bool is_failure(const Observation& seen, Phase phase, Failure failure);
bool as_account(const Observation& seen);
// The account's password was proven, and refused. Other words under the same number are other
// causes: a white list, a gateway's prefix.
bool is_denied(const Observation& seen);
// The peer ended the connection in this phase, in order or not.
bool is_gone(const Observation& seen, Phase phase);
// A login that is the first packet we send: once TLS is up, one has got through before it.
bool is_first_packet(const Observation& seen);
// The greeting at this observation's address; null if none came.
const Observation* greeting_at(const Case& about, const std::string& endpoint);
bool offers_tls(const Case& about, const std::string& endpoint);

}  // namespace plumb::mysql
