// How the rows of this folder look at a case: the one session that was held, what it is for, and
// what kind of server it met.
#pragma once

#include <string>
#include <string_view>

#include "checks/session/facts.hpp"
#include "probe/model/cause.hpp"

namespace plumb::session {

// The session whose statements were answered; null: none was.
const Observation* session_of(const Case& about);

// mysql, mariadb, tidb, aurora, rds, heatwave: session.server.
std::string server_of(const Observation& session);
bool is_mariadb(const Observation& session);  // RDS for MariaDB as well
bool is_tidb(const Observation& session);
// "MariaDB 10.11.6": what a person calls it.
std::string name_of_server(const Observation& session);
// Behind the last @ of session.current_user.
std::string account_host(const Observation& session);

// A finding that stands on the session, with {server}, {account_host} and the kind of server.
Verdict found(const Observation& session, Confidence how_sure, Severity how_bad,
              Bindings bound = {});

enum For : unsigned { dms_source = 1, dms_target = 2, replication = 4, sources = 5, any_job = 7 };
bool is_for(Purpose purpose, unsigned purposes);

using Rule = Verdict (*)(const Case&, const Observation& session);

// A row's match: the rule, where there was a session and the purpose needs what it asks.
template <unsigned purposes, Rule rule>
Verdict within(const Case& about) {
  if (!is_for(about.purpose, purposes)) return Verdict::no("the purpose does not need it");
  const Observation* session = session_of(about);
  return session ? rule(about, *session) : Verdict::no("no session was held");
}

}  // namespace plumb::session
