// The client's half of a TLS handshake, the server's not counted, and what of it is verifying the chain and
// describing the leaf. Engine and report are new each time, context and roots shared, as in a run.
#include <benchmark/benchmark.h>

#include <ctime>

#include "probe/wire/certificate.hpp"
#include "probe/wire/certificate_verify.hpp"
#include "probe/wire/tls_engine.hpp"
#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::bench {
namespace {

// This thread's own: the wall clock would count whoever else had the core.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

constexpr char kName[] = "db.example.com";

struct Chain {
  test::Issued root, intermediate, leaf;
};

Chain chain_of(const std::string& key_type) {
  Chain chain;
  test::Wanted wanted{.common_name = "Root", .ca = true};
  wanted.key_type = key_type;
  chain.root = test::issue(wanted);
  wanted.common_name = "Intermediate";
  chain.intermediate = test::issue(wanted, &chain.root);
  wanted.common_name = kName;
  wanted.ca = false;
  wanted.sans = {std::string("DNS:") + kName};
  chain.leaf = test::issue(wanted, &chain.intermediate);
  return chain;
}

const Chain& chain_of(const benchmark::State& state) {
  static const Chain rsa = chain_of("RSA"), ecdsa = chain_of("EC");
  return state.range(0) == 0 ? rsa : ecdsa;
}

void tls_handshake(benchmark::State& state) {
  const Chain& chain = chain_of(state);
  wire::TlsSettings settings;
  settings.trust = wire::Trust::from_pem(chain.root.pem(), "root").trust;
  const auto context = wire::TlsContext::make(settings).context;
  test::ServerOptions serving;
  serving.chain = {chain.leaf, chain.intermediate};
  for (auto _ : state) {
    test::TlsServer server(serving);
    double ours = 0, began = cpu_seconds();
    wire::TlsEngine engine(context, kName, test::noon());
    for (wire::TlsStep step = engine.handshake(); step == wire::TlsStep::want_more;) {
      const wire::Bytes flight = engine.drain();
      ours += cpu_seconds() - began;
      server.feed(flight);
      const wire::Bytes answer = server.step();
      began = cpu_seconds();
      engine.feed(answer);
      step = engine.handshake();
    }
    if (!engine.report().name_ok || !engine.report().chain_ok) state.SkipWithError("not verified");
    state.SetIterationTime(ours + cpu_seconds() - began);
  }
}
BENCHMARK(tls_handshake)->ArgName("ecdsa")->Arg(0)->Arg(1)->UseManualTime();

void verify_chain(benchmark::State& state) {
  const Chain& chain = chain_of(state);
  const auto trust = wire::Trust::from_pem(chain.root.pem(), "root").trust;
  for (auto _ : state) {
    state.PauseTiming();  // parsed anew each time: OpenSSL keeps what it worked out inside the X509
    const wire::X509StackHandle sent(sk_X509_new_null());
    for (const test::Issued* issued : {&chain.leaf, &chain.intermediate}) {
      const wire::Bytes der = issued->der();
      const unsigned char* at = der.data();
      sk_X509_push(sent.get(), d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    }
    state.ResumeTiming();
    benchmark::DoNotOptimize(
        wire::verify_certificates(trust.get(), sent.get(), kName, test::noon(), 1));
  }
}
BENCHMARK(verify_chain)->ArgName("ecdsa")->Arg(0)->Arg(1);

void describe_certificate(benchmark::State& state) {
  const wire::Bytes der = chain_of(state).leaf.der();
  for (auto _ : state) benchmark::DoNotOptimize(wire::describe_certificate(der));
}
BENCHMARK(describe_certificate)->ArgName("ecdsa")->Arg(0)->Arg(1);

}  // namespace
}  // namespace plumb::bench
