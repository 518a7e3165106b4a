// The sans-io contract: one protocol conversation as a value that is told what happened and says what it
// wants next. No socket, no thread, no clock: time comes in with the event. So it can be scripted in a
// test, fuzzed, replayed and cut at any byte. The driver (probe/net/stream) owns socket, TLS and deadline.
//
//   Started ──► Receive ──► Received… ──► Send ──► Sent ──► StartTls ──► TlsEnded ──► … ──► Finish
//
// After Broken the exchange only answers Finish. After Finish it is not called again.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "probe/model/observation.hpp"
#include "probe/model/secret.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::wire {

// What a TLS handshake came to. `facts` hold protocol, cipher, chain and the three verdicts, as far as
// they were learnt, also when it failed.
struct TlsReport {
  bool completed = false;
  bool chain_ok = false, name_ok = false, dates_ok = false;
  std::optional<Failure> failure;  // of the handshake; else the first of the verdicts that is bad
  std::string raw;
  Facts facts;
  Bytes instead;  // the first bytes that came in place of a TLS record; empty: none did
};

// What the exchange wants.
struct Send {
  Bytes bytes;
};
struct Receive {};     // more bytes, whatever comes
struct StartTls {};    // the driver does the handshake as client
struct CloseWrite {};  // no more from us: read on until the peer closes
struct Finish {};      // over: close
using Action = std::variant<Send, Receive, StartTls, CloseWrite, Finish>;

// What happened.
struct Started {};
struct Sent {};
struct Received {
  View bytes;
};  // at least one byte; valid during the call only
struct TlsEnded {
  TlsReport report;
};
struct WriteClosed {};
struct Broken {  // nothing more will come: eof, reset, timed_out, cancelled, tls_*
  Failure failure;
  std::string raw;
  Facts facts =
      {};  // tls.alert… of an alert that came after the handshake; tcp.unacked… of a stall
};
using Event = std::variant<Started, Sent, Received, TlsEnded, WriteClosed, Broken>;

// How a conversation ended, in the eyes of a server that counts (design.md §1.2).
enum class Ending : std::uint8_t {
  finished,        // login answered and closed in order: counts as nothing
  closed_by_peer,  // the server ended it before that
  no_server,       // it did not speak MySQL: nobody counts
  dropped          // we broke off what the server had begun: counts against the budget
};

// What the server said to our login, for the engine, which must do no harm and knows no MySQL.
struct LoginAnswer {
  enum class Verdict : std::uint8_t {
    accepted,
    refused,  // this password must not be tried again soon: 1045, 1862, 3118, 3955 (anonymous: any ERR that is normal)
    other     // the server had other reasons (too many connections, shutting down …)
  };
  Verdict verdict = Verdict::other;
  bool account = false;  // the configured account was tried, not the anonymous login
  Micros took{0};        // our response to its answer
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  // `at`: time since the connection was established.
  virtual Action next(const Event& event, Micros at) = 0;
  // One per phase reached, in order, unnumbered; their `took` adds up to the conversation. Also after a failure.
  virtual std::vector<Observation> observations() const = 0;
  virtual Ending ending() const = 0;
  virtual std::optional<LoginAnswer> login_answer() const = 0;  // absent: none came
  // The configured account's proof was sent, whether or not an answer came.
  virtual bool account_tried() const = 0;
  virtual Phase phase() const = 0;  // the step under way: greeting, tls or login
};

}  // namespace plumb::wire
