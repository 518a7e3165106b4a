// A TlsEngine and a TlsServer that talk to each other in memory, and the usual things they talk about.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probe/wire/tls_engine.hpp"
#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::test {

inline std::vector<Issued> good_chain() { return {test_pki().leaf, test_pki().intermediate}; }

inline wire::TlsSettings trusting_root() {
  wire::TlsSettings settings;
  settings.trust = wire::Trust::from_pem(test_pki().root.pem(), "root").trust;
  return settings;
}

inline std::shared_ptr<const wire::TlsContext> context_of(const wire::TlsSettings& settings) {
  const wire::MadeTlsContext made = wire::TlsContext::make(settings);
  EXPECT_EQ(made.error, "");
  return made.context;
}

// A client and a server that hand their bytes to each other until both fall silent.
struct TlsTalk {
  explicit TlsTalk(const ServerOptions& options, std::string name = "db.example.com",
                   const wire::TlsSettings& settings = trusting_root())
      : TlsTalk(options, context_of(settings), std::move(name)) {}
  TlsTalk(const ServerOptions& options, std::shared_ptr<const wire::TlsContext> context,
          std::string name)
      : server(options), engine(std::move(context), std::move(name), noon()) {}

  wire::TlsStep shake() {
    wire::TlsStep step = engine.handshake();
    for (int turn = 0; turn < 20; ++turn) {
      server.feed(engine.drain());
      const wire::Bytes answer = server.step();
      if (answer.empty() && step != wire::TlsStep::want_more) break;
      EXPECT_EQ(engine.feed(answer), answer.size());
      step = engine.handshake();
    }
    return step;
  }
  TlsServer server;
  wire::TlsEngine engine;
};

inline ServerOptions serving(std::vector<Issued> chain, int only_version = 0) {
  ServerOptions options;
  options.chain = std::move(chain);
  options.min_version = options.max_version = only_version;
  return options;
}

}  // namespace plumb::test
