// From evidence to bytes: the diagnosis over the whole catalogue, and each format that streams.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "src/judge.hpp"
#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::bench {
namespace {

void diagnosis(benchmark::State& state, const char* name) {
  const Case& about = test::sample(name).about;
  for (auto _ : state) benchmark::DoNotOptimize(judge(about));
}
BENCHMARK_CAPTURE(diagnosis, healthy, "healthy");
BENCHMARK_CAPTURE(diagnosis, silent, "silent-syn");
BENCHMARK_CAPTURE(diagnosis, certificate, "expired-and-wrong-name");

void rendering(benchmark::State& state, const char* format, const char* name) {
  const output::Renderer* renderer = output::find_renderer(format);
  const std::vector<Report> reports{test::sample(name)};
  for (auto _ : state) benchmark::DoNotOptimize(output::render(*renderer, reports, {}));
}
BENCHMARK_CAPTURE(rendering, jsonl_healthy, "jsonl", "healthy");
BENCHMARK_CAPTURE(rendering, jsonl_silent, "jsonl", "silent-syn");
BENCHMARK_CAPTURE(rendering, text_healthy, "text", "healthy");
BENCHMARK_CAPTURE(rendering, text_silent, "text", "silent-syn");

}  // namespace
}  // namespace plumb::bench
