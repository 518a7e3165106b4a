// What the connections of one configuration share on one thread: how TLS is spoken (both versions, no
// resumption, no tickets asked for, no renegotiation, verification apart from the handshake), the
// library it lives in, and the judge of what servers send. The server's name is per connection and
// not in it. Const to the connections, though its judge remembers chains.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>

#include "probe/wire/certificate_handle.hpp"
#include "probe/wire/certificate_judge.hpp"
#include "probe/wire/tls_settings.hpp"

namespace plumb::wire {

class TlsContext;

// What OpenSSL's callbacks see in passing: the app data of every SSL made from a TlsContext, so that
// the context stays const.
struct TlsWitness {
  X509StackHandle sent;      // the server's certificates, leaf first, as they came
  std::optional<int> alert;  // the last one received, close_notify apart
  bool client_certificate_requested = false;
};

// `context` is null exactly when `error` says why: the client certificate or key cannot be used.
struct MadeTlsContext {
  std::shared_ptr<const TlsContext> context;
  std::string error;
};

class TlsContext {
 public:
  // `lean`: in a TlsLibrary of its own, if it may be; false: in OpenSSL's default context.
  static MadeTlsContext make(const TlsSettings& settings, bool lean = true);

  SSL_CTX* get() const { return context_.get(); }
  const Trust* trust() const { return trust_.get(); }
  ChainJudge& judge() const { return *judge_; }

 private:
  TlsContext(std::shared_ptr<const TlsLibrary> library, SslContextHandle context,
             std::shared_ptr<const Trust> trust);

  std::shared_ptr<const TlsLibrary> library_;  // first, as the others live in it
  SslContextHandle context_;
  std::shared_ptr<const Trust> trust_;
  std::unique_ptr<ChainJudge> judge_;
};

std::string openssl_error();  // the last of the queue as text, printable; empty: none

}  // namespace plumb::wire
