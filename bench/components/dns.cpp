// Writing a question and reading its answer.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/addresses.hpp"
#include "bench/server/dns_reply.hpp"
#include "probe/wire/dns_message.hpp"

namespace plumb::bench {
namespace {

void dns_question(benchmark::State& state) {
  const std::string name = name_of(42);
  for (auto _ : state) benchmark::DoNotOptimize(wire::dns_query(name, wire::DnsType::a, 42));
}
BENCHMARK(dns_question);

void dns_answer(benchmark::State& state) {
  const auto type = static_cast<wire::DnsType>(state.range(0));
  wire::Bytes message = wire::dns_query(name_of(42), type, 42).value_or(wire::Bytes());
  const std::size_t question = message.size();
  message.resize(question + 64);
  message.resize(answer_in_place(message, question));
  for (auto _ : state) benchmark::DoNotOptimize(wire::parse_dns_message(message));
}
BENCHMARK(dns_answer)->ArgName("type")->Arg(1)->Arg(28);

}  // namespace
}  // namespace plumb::bench
