// TLS as a value: bytes from the network go in, bytes for the network come out, no socket between.
// So every way a handshake can break is a unit test, and the driver has one loop for all of them.
//
//   drain ──► (network) ──► feed ──► handshake ──► want_more … done | failed ──► report
//   encrypt ──► drain          feed ──► decrypt until it gives nothing, then drain
//
// Verification never breaks a handshake off: SSL_VERIFY_NONE, the certificates are kept as they
// come and judged afterwards (certificate_verify.hpp), so that an expired certificate is reported
// whole, also when the handshake fails after it. Refusing to go on is the exchange's decision, not
// TLS's. TLS 1.2 and 1.3 only, no resumption (each probe must see the certificate), no
// renegotiation. In TLS 1.3 the server's opinion of *our* certificate comes after our handshake is
// done: decrypt() reports it, with the alert.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "probe/model/observation.hpp"
#include "probe/wire/bytes.hpp"
#include "probe/wire/exchange.hpp"
#include "probe/wire/tls_context.hpp"

namespace plumb::wire {

enum class TlsStep : std::uint8_t { want_more, done, failed };

class TlsEngine {
 public:
  static constexpr std::size_t kBuffer = 64 * 1024;

  // `name` is checked against the leaf and sent as SNI unless it is an address. `now` judges the
  // dates.
  TlsEngine(std::shared_ptr<const TlsContext> context, std::string name, WallTime now);
  ~TlsEngine();
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  // Takes what fits (kBuffer in all) and says how much that was; the rest is offered again later.
  std::size_t feed(View from_network);
  Bytes drain();  // for the network; also after `failed`: our alert

  TlsStep handshake();
  // What the handshake came to; whole after `done` or `failed`. tls.handshake_ms is the driver's.
  TlsReport report() const;
  // The connection ended within the handshake: the report so far, with this failure (eof →
  // tls_eof).
  TlsReport broken(Failure failure, const std::string& raw) const;

  void encrypt(View plain);

  struct Decrypted {
    Bytes plain;          // at most kBuffer; empty: nothing more for now
    bool closed = false;  // the peer said close_notify
    std::optional<Failure> failure;
    std::string raw;  // "alert 116 certificate_required: …"
    Facts facts;      // tls.alert, tls.alert_name
  };
  Decrypted decrypt();
  void close_notify();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string tls_alert_name(int number);  // "handshake_failure"; "alert_200" for one without a name

}  // namespace plumb::wire
