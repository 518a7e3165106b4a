#include "checks/session/view.hpp"

#include <utility>

#include "probe/model/experiment.hpp"

namespace plumb::session {

const Observation* session_of(const Case& about) {
  for (const Observation& seen : experiment::first_pass(about.evidence))
    if (seen.phase == Phase::session && seen.facts.has(key::version)) return &seen;
  return nullptr;
}

std::string server_of(const Observation& session) {
  return session.facts.get_or(key::server, std::string("mysql"));
}

bool is_mariadb(const Observation& session) {
  return server_of(session) == "mariadb" ||
         session.facts.get_or(key::version, std::string()).find("MariaDB") != std::string::npos;
}

bool is_tidb(const Observation& session) { return server_of(session) == "tidb"; }

std::string name_of_server(const Observation& session) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"tidb", "TiDB"}, {"aurora", "Aurora MySQL"}, {"rds", "RDS"}, {"heatwave", "HeatWave"}};
  std::string_view name = is_mariadb(session) ? "MariaDB" : "MySQL";
  for (const auto& [server, called] : kNames)
    if (server == server_of(session)) name = called;
  return std::string(name) + " " + session.facts.get_or(key::version, std::string());
}

std::string account_host(const Observation& session) {
  const std::string account = session.facts.get_or(key::current_user, std::string());
  const auto at = account.rfind('@');
  return at == std::string::npos ? std::string() : account.substr(at + 1);
}

Verdict found(const Observation& session, Confidence how_sure, Severity how_bad, Bindings bound) {
  Bindings all{{"kind", server_of(session)},
               {"server", name_of_server(session)},
               {"account", session.facts.get_or(key::current_user, std::string())},
               {"account_host", account_host(session)}};
  for (auto& binding : bound) {
    if (binding.first == "kind")
      all.front() = std::move(binding);
    else
      all.push_back(std::move(binding));
  }
  return Verdict::yes(how_sure, how_bad, {session.n}, std::move(all));
}

bool is_for(Purpose purpose, unsigned purposes) {
  switch (purpose) {
    case Purpose::dms_source:
      return (purposes & For::dms_source) != 0;
    case Purpose::dms_target:
      return (purposes & For::dms_target) != 0;
    case Purpose::replication_source:
      return (purposes & For::replication) != 0;
    case Purpose::connect:
      return false;
  }
  return false;
}

}  // namespace plumb::session
