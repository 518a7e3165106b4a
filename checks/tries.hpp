// What the follow-ups to one address came to. A fault of the path or of its settings shows on every
// try; one that a second try does not show is another fault.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

struct Tries {
  int connected = 0;
  int greeted = 0;
  int replied = 0;  // the login was answered, by OK or by an error: all our packets got through
  int broke = 0;    // ended between the greeting and that answer, or complained of the packets
  int named_header = 0;    // of those: the error says that it is a PROXY header
  std::vector<int> proof;  // the last step of each
};

// An error packet that says so: "Proxy header is not accepted from …" (MariaDB, with 1130).
bool names_proxy_header(const Observation& seen);

// The runs of `experiment` to `endpoint`.
Tries tries_of(const Case& about, std::string_view experiment, const std::string& endpoint);

// A ClientHello in place of waiting for a greeting led to a complete TLS handshake there.
enum class TlsFirst { untried, unanswered, answered, greeted_inside };
struct TlsFirstTry {
  TlsFirst came_to = TlsFirst::untried;
  std::vector<int> proof;
};
TlsFirstTry tls_first_at(const Case& about, const std::string& endpoint);

}  // namespace plumb
