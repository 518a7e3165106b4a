// What the follow-ups to one address came to. A fault of the path or of its settings shows on every
// try; one that a second try does not show is another fault. A try that ended by trouble of our own
// says nothing of the path, and is no try.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb {

// Trouble on this host, or our own decision to stop: the other side had no part in it.
bool is_ours(Failure failure);

struct Tries {
  int connected = 0;
  int greeted = 0;
  int replied = 0;  // the login was answered, by OK or by an error: all our packets got through
  int broke = 0;    // ended between the greeting and that answer, or complained of the packets
  int silent = 0;   // no answer there within our time: neither of the two
  int named_header = 0;    // of those: the error says that it is a PROXY header
  std::vector<int> proof;  // the last step of each
};

// An error packet that says so: "Proxy header is not accepted from …" (MariaDB, with 1130).
bool names_proxy_header(const Observation& seen);

// The runs of `experiment` to `endpoint`.
Tries tries_of(const Case& about, std::string_view experiment, const std::string& endpoint);

// What a ClientHello in place of waiting for a greeting led to there, from least to most.
enum class TlsFirst {
  untried,     // none was sent, or we gave up before it could be answered
  unanswered,  // silence
  refused,     // a close, a reset, or something that is no complete handshake
  answered,    // a complete TLS handshake
  greeted_inside
};
struct TlsFirstTry {
  TlsFirst came_to = TlsFirst::untried;
  std::vector<int> proof;
};
TlsFirstTry tls_first_at(const Case& about, const std::string& endpoint);

}  // namespace plumb
