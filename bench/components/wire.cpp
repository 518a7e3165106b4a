// What the connection phase costs without a socket: reading the packets, and a whole conversation.
#include <benchmark/benchmark.h>

#include "checks/mysql/handshake.hpp"
#include "checks/mysql/packet.hpp"
#include "tests/support/exchange_script.hpp"
#include "tests/support/mysql_frames.hpp"

namespace plumb::bench {
namespace {

void greeting(benchmark::State& state) {
  const wire::Bytes payload = test::GreetingFrame().payload();
  for (auto _ : state) benchmark::DoNotOptimize(mysql::parse_greeting(payload));
}
BENCHMARK(greeting);

void login_packet(benchmark::State& state) {
  mysql::LoginRequest login;
  login.capabilities = ~mysql::capability::kConnectWithDb;
  login.user = "plumb_probe";
  login.plugin = "caching_sha2_password";
  for (auto _ : state) benchmark::DoNotOptimize(mysql::handshake_response(1, login));
}
BENCHMARK(login_packet);

// From the greeting to EOF, told to the exchange event by event; the observations are taken at the end.
void conversation(benchmark::State& state) {
  const test::Script script{{test::GreetingFrame().bytes(),
                             test::err(2, 1045, "Access denied for user 'plumb_probe'", "28000")}};
  Conversation wanted;
  wanted.tls = TlsMode::off;
  wanted.anonymous.user = "plumb_probe";
  for (auto _ : state) {
    mysql::Handshake exchange(wanted);
    benchmark::DoNotOptimize(test::play(exchange, script));
  }
}
BENCHMARK(conversation);

}  // namespace
}  // namespace plumb::bench
