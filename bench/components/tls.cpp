// The client's half of a TLS handshake, the server's not counted, and what of it is verifying the chain and
// describing the leaf. Engine and report are new each time, context and roots shared, as in a run.
#include <benchmark/benchmark.h>

#include <malloc.h>

#include <ctime>
#include <memory>
#include <vector>

#include "probe/wire/certificate.hpp"
#include "probe/wire/certificate_judge.hpp"
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

// What a connection holds whose server takes the ClientHello and says nothing more: ours and OpenSSL's.
void stalled_handshake(benchmark::State& state) {
  constexpr std::size_t kEngines = 500;
  const auto context = wire::TlsContext::make({}).context;
  std::size_t held = 0;
  for (auto _ : state) {
    std::vector<std::unique_ptr<wire::TlsEngine>> engines(kEngines + 1);
    for (std::size_t i = 0; i <= kEngines; ++i) {
      if (i == 1) held = mallinfo2().uordblks;  // the first one warms what all share
      engines[i] = std::make_unique<wire::TlsEngine>(context, kName, test::noon());
      engines[i]->handshake();
      benchmark::DoNotOptimize(engines[i]->drain());
    }
    held = (mallinfo2().uordblks - held) / kEngines;
  }
  state.counters["bytes_each"] = static_cast<double>(held);
}
BENCHMARK(stalled_handshake)->Iterations(1);

// As a fleet does it: one judge, a chain that it has met before, or a leaf each under one intermediate.
void judge_chain(benchmark::State& state) {
  const Chain& chain = chain_of(state);
  const auto library = wire::TlsLibrary::make();
  wire::ChainJudge judge(wire::Trust::from_pem(chain.root.pem(), "root").trust, library);
  test::Wanted wanted{.common_name = kName, .sans = {std::string("DNS:") + kName}};
  wanted.key = chain.leaf.key;
  const std::size_t leaves = state.range(1) == 0 ? 1 : 2 * wire::ChainJudge::kChains;
  std::vector<test::Issued> issued;
  while (issued.size() < leaves) issued.push_back(test::issue(wanted, &chain.intermediate));
  std::size_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const wire::X509StackHandle sent(sk_X509_new_null());
    const test::Issued& leaf = issued[next++ % leaves];
    for (const X509* one : {leaf.certificate.get(), chain.intermediate.certificate.get()})
      sk_X509_push(sent.get(), wire::decode_in(library->context(), *one).release());
    state.ResumeTiming();
    benchmark::DoNotOptimize(judge.judge(sent.get(), test::noon(), 1));
  }
}
BENCHMARK(judge_chain)->ArgNames({"ecdsa", "own_leaf"})->ArgsProduct({{0, 1}, {0, 1}});

void decode_certificate(benchmark::State& state) {
  const Chain& chain = chain_of(state);
  const auto library = state.range(1) == 0 ? nullptr : wire::TlsLibrary::make();
  for (auto _ : state)
    benchmark::DoNotOptimize(
        wire::decode_in(library ? library->context() : nullptr, *chain.leaf.certificate));
}
BENCHMARK(decode_certificate)->ArgNames({"ecdsa", "lean"})->ArgsProduct({{0, 1}, {0, 1}});

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
