// Hand-made cases for tests of the diagnosis: say what happened, in the order it happened.
//
//   CaseBuilder("db.example.com:4000").resolved({"10.0.0.1"}).timed_out("10.0.0.1:4000").build()
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "probe/model/case.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"

namespace plumb::test {

using Strings = std::vector<std::string>;

class CaseBuilder {
 public:
  explicit CaseBuilder(const std::string& target) {
    const ParsedTarget parsed = parse_target(target);
    if (!parsed.target) throw std::invalid_argument(parsed.error.message);
    case_.target = *parsed.target;
    case_.profile = find_profile("mysql");
    case_.started = std::chrono::sys_days(std::chrono::year(2026) / 11 / 21);
  }

  CaseBuilder& profile(std::string_view name) {
    case_.profile = find_profile(name);
    return *this;
  }
  CaseBuilder& tls_policy(TlsMode mode) {
    case_.policy.tls = mode;
    return *this;
  }
  CaseBuilder& account(std::string user) {
    case_.policy.account = std::move(user);
    return *this;
  }

  // One resolver's answer to one question; an empty name is the target's.
  CaseBuilder& asked(const std::string& resolver, const Strings& answers,
                     std::optional<Failure> failure = {}, const std::string& type = "A",
                     const std::string& name = "") {
    Observation& seen = add(Phase::resolve, 0, failure);
    seen.resolver = resolver;
    seen.facts.set(key::dns_question_name, name.empty() ? case_.target.host : name);
    seen.facts.set(key::dns_question_type, type);
    seen.facts.set(key::dns_answers, answers);
    return *this;
  }
  // What the application would get.
  CaseBuilder& view(const Strings& answers, std::optional<Failure> failure = {},
                    const std::string& source = "dns") {
    Observation& seen = add(Phase::resolve, 0, failure);
    seen.facts.set(key::dns_application_view, true);
    seen.facts.set(key::dns_question_name, case_.target.host);
    seen.facts.set(key::dns_answers, answers);
    seen.facts.set(key::dns_source, source);
    view_ = seen.n;
    return *this;
  }
  CaseBuilder& resolved(const Strings& answers) { return asked(kResolver, answers).view(answers); }
  CaseBuilder& unresolved(Failure failure) {
    return asked(kResolver, {}, failure).view({}, failure);
  }

  CaseBuilder& connect(const std::string& endpoint, std::optional<Failure> failure = {}) {
    add(Phase::connect, view_, failure).endpoint = endpoint;
    return *this;
  }
  CaseBuilder& timed_out(const std::string& endpoint) {
    return connect(endpoint, Failure::timed_out);
  }
  CaseBuilder& refused(const std::string& endpoint) { return connect(endpoint, Failure::refused); }
  CaseBuilder& icmp(std::int64_t type, std::int64_t code, const std::string& from) {
    return fact(key::tcp_icmp_type, type)
        .fact(key::tcp_icmp_code, code)
        .fact(key::tcp_icmp_from, from);
  }

  // The next step behind the last observation, at the same endpoint.
  CaseBuilder& then(Phase phase, std::optional<Failure> failure = {}) {
    const Observation& before = case_.evidence.observations.back();
    const std::string endpoint = before.endpoint;
    add(phase, before.n, failure).endpoint = endpoint;
    return *this;
  }
  CaseBuilder& tls(bool chain, bool name, bool dates, std::optional<Failure> failure = {}) {
    return then(Phase::tls, failure)
        .fact(key::tls_version, std::string("1.3"))
        .fact(key::tls_chain_ok, chain)
        .fact(key::tls_name_ok, name)
        .fact(key::tls_dates_ok, dates);
  }
  CaseBuilder& login(const std::string& as = "anonymous", std::optional<Failure> failure = {}) {
    return then(Phase::login, failure).fact(kLoginAs, as);
  }
  // A whole conversation that ends with the anonymous login being answered.
  CaseBuilder& works(const std::string& endpoint) {
    return connect(endpoint).then(Phase::greeting).tls(true, true, true).login();
  }
  CaseBuilder& local(const Strings& addresses, bool default_route) {
    add(Phase::local, 0, {});
    return fact(key::local_addresses, addresses).fact(key::local_default_route, default_route);
  }

  CaseBuilder& purpose(Purpose purpose) {
    case_.purpose = purpose;
    return *this;
  }
  // What the metadata service says of this host.
  CaseBuilder& here(const std::string& provider, const std::string& region = "",
                    const Strings& vpc_cidrs = {}) {
    add(Phase::local, 0, {});
    fact(key::local_metadata, std::string("answered")).fact(key::cloud_provider, provider);
    if (!region.empty()) fact(key::cloud_region, region);
    if (!vpc_cidrs.empty()) fact(key::local_vpc_cidrs, vpc_cidrs);
    return *this;
  }

  // Follow-ups: the first step of one run of an experiment. `then`, `tls` and `login` go on with
  // it, as of the first pass; its facts say which experiment all of them belong to.
  CaseBuilder& followup(std::string_view experiment, const std::string& endpoint,
                        std::optional<Failure> failure = {}) {
    experiment_ = experiment;
    add(Phase::connect, 0, failure).endpoint = endpoint;
    return *this;
  }
  // The same with a conversation to the end.
  CaseBuilder& followup_works(std::string_view experiment, const std::string& endpoint) {
    return followup(experiment, endpoint).then(Phase::greeting).tls(true, true, true).login();
  }
  CaseBuilder& followup_asked(std::string_view experiment, const std::string& resolver,
                              const Strings& answers, std::optional<Failure> failure = {},
                              const std::string& name = "") {
    experiment_ = experiment;
    return asked(resolver, answers, failure, "A", name);
  }
  CaseBuilder& traced(const Strings& hops, std::int64_t last_hop) {
    experiment_ = experiment::kPathTrace;
    add(Phase::path, 0, {});
    return fact(key::path_hops, hops).fact(key::path_last_hop, last_hop);
  }

  template <class T>
  CaseBuilder& fact(const Key<T>& key, T value) {
    case_.evidence.observations.back().facts.set(key, std::move(value));
    return *this;
  }
  template <class T>
  CaseBuilder& fact(Key<T>&& key, T value) = delete;
  CaseBuilder& raw(std::string text) {
    case_.evidence.observations.back().raw = std::move(text);
    return *this;
  }

  int last() const { return case_.evidence.observations.back().n; }
  const Case& build() const { return case_; }

 private:
  static constexpr const char* kResolver = "10.0.0.2:53";
  static constexpr key::Text kLoginAs{"mysql.login.as", "", ""};

  Observation& add(Phase phase, int after, std::optional<Failure> failure) {
    Observation seen;
    seen.phase = phase;
    seen.after = after;
    seen.failure = failure;
    if (!experiment_.empty()) seen.facts.set(key::path_experiment, experiment_);
    case_.evidence.add(std::move(seen));
    return case_.evidence.observations.back();
  }

  Case case_;
  int view_ = 0;
  std::string experiment_;  // empty: the first pass
};

}  // namespace plumb::test
