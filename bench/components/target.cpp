// What a target of a fleet costs beside its sockets and its TLS: the plan, the conversation, the
// case, the diagnosis, the count, and what -q -o jsonl writes of a healthy one, which is nothing.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "checks/mysql/check.hpp"
#include "checks/session/check.hpp"
#include "probe/engine/plan.hpp"
#include "probe/model/keys.hpp"
#include "src/judge.hpp"
#include "src/output/registry.hpp"
#include "tests/support/exchange_script.hpp"
#include "tests/support/mysql_frames.hpp"
#include "tests/support/sample_evidence.hpp"

namespace plumb::bench {
namespace {

constexpr const char* kPlace = "127.12.34.56:13306";

// As a run over real sockets leaves it behind.
Observation connect_step() {
  Observation seen = test::connected(kPlace, 0, 120);
  seen.facts.set(key::peer_address, std::string("127.12.34.56"));
  seen.facts.set(key::peer_port, std::int64_t{13306});
  seen.facts.set(key::tcp_syn_retransmits, std::int64_t{0});
  return seen;
}

Case case_of(const engine::Plan& plan, std::vector<Observation> steps) {
  Case about;
  about.target = plan.target;
  about.profile = plan.profile;
  about.policy = plan.policy;
  int after = 0;
  for (Observation& step : steps) {
    step.endpoint = kPlace;
    step.after = after;
    after = about.evidence.add(std::move(step));
  }
  return about;
}

void judged(Case about, output::Summary& summary) {
  const Report report = judge(std::move(about));
  summary.count(report, Severity::error);
  output::RenderOptions quiet;
  quiet.quiet = true;
  benchmark::DoNotOptimize(output::find_renderer("jsonl")->each(report, quiet));
}

void target_plain(benchmark::State& state) {
  auto settings = std::make_shared<engine::Settings>();
  settings->tls = TlsMode::off;
  const Target target = *parse_target(kPlace).target;
  const test::Script script{{test::GreetingFrame().bytes(),
                             test::err(2, 1045,
                                       "Access denied for user 'plumb_probe'@'127.0.0.1' (using "
                                       "password: NO)",
                                       "28000")}};
  output::Summary summary;
  for (auto _ : state) {
    const engine::Plan plan =
        engine::make_plan(target, settings, mysql::mysql_check(), &session::session_check());
    Conversation wanted;
    wanted.tls = plan.policy.tls;
    wanted.anonymous = plan.anonymous;
    const auto exchange = plan.conversation->exchange(wanted);
    test::Heard heard = test::play(*exchange, script);
    std::vector<Observation> steps{connect_step()};
    for (Observation& step : heard.observations) steps.push_back(std::move(step));
    judged(case_of(plan, std::move(steps)), summary);
  }
}
BENCHMARK(target_plain);

// The handshake's report is what the TLS engine makes: here it is only passed on.
void target_tls(benchmark::State& state) {
  auto settings = std::make_shared<engine::Settings>();
  settings->tls = TlsMode::verify_full;
  const Target target = *parse_target("db.example.com:13306").target;
  const Observation greeting = test::greeted(kPlace, 0), login = test::logged_in(kPlace, 0);
  const Observation tls = test::secured(kPlace, 0, "db.example.com");
  output::Summary summary;
  for (auto _ : state) {
    const engine::Plan plan =
        engine::make_plan(target, settings, mysql::mysql_check(), &session::session_check());
    judged(case_of(plan, {connect_step(), greeting, tls, login}), summary);
  }
}
BENCHMARK(target_tls);

// No answer to the SYN, as this host sees it.
void target_silent(benchmark::State& state) {
  auto settings = std::make_shared<engine::Settings>();
  const Target target = *parse_target("10.12.34.56:3306").target;
  Observation silent = test::silent("10.12.34.56:3306", 0);
  output::Summary summary;
  for (auto _ : state) {
    const engine::Plan plan =
        engine::make_plan(target, settings, mysql::mysql_check(), &session::session_check());
    Case about = case_of(plan, {silent});
    about.evidence.observations.front().endpoint = "10.12.34.56:3306";
    judged(std::move(about), summary);
  }
}
BENCHMARK(target_silent);

}  // namespace
}  // namespace plumb::bench
