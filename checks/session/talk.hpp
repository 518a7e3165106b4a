// What a session asks, by purpose, and how the answers become facts.
//
//   every one            who answers, as whom, over which TLS; the variables that matter
//   all but connect      the account's rights
//   the two sources      where the binary log stands; RDS and Aurora: how long it is kept
//   dms-target           whether SET FOREIGN_KEY_CHECKS=0 is accepted
//   replication, DMS     whether the account requires TLS
//
// Variables are read with SHOW, not SELECT @@x: a variable that this server does not have is absent
// instead of an error, and none of it needs a right. Nothing is changed outside the session. What the
// account may not look at is noted as hidden and never taken for wrong.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probe/wire/session_talk.hpp"

namespace plumb::session {

class Talk : public wire::SessionTalk {
 public:
  explicit Talk(Purpose purpose) : purpose_(purpose) {}

  std::optional<std::string> next(const wire::SessionResult* previous) override;
  Observation observation() const override;

 private:
  // The statements in order; those that do not apply are passed over.
  enum class Step : std::uint8_t {
    begin,
    identity,
    tls,
    variables,
    grants,
    role,
    role_grants,
    create_user,
    binlog_status,
    old_binlog_status,
    rds,
    foreign_keys,
    end
  };
  bool applies(Step step) const;
  std::string statement(Step step) const;
  void read(const wire::SessionResult& result);
  void read_identity(const wire::SessionResult& result);
  void read_tls(const wire::SessionResult& result);
  void read_variables(const wire::SessionResult& result);
  void read_grants(const wire::SessionResult& result);
  void read_create_user(const wire::SessionResult& result);
  void read_binlog_status(const wire::SessionResult& result);
  void read_rds(const wire::SessionResult& result);
  void hide(const std::string& what, const wire::SessionError& error);
  bool is_source() const;

  Purpose purpose_;
  Step step_ = Step::begin;
  Facts facts_;
  std::string server_;  // session.server
  std::string role_;    // in force, as the server writes it
  bool old_status_ = false;
  std::map<std::string, std::string> variables_;
  std::vector<std::string> grants_, hidden_;
};

std::unique_ptr<wire::SessionTalk> begin_talk(Purpose purpose);

}  // namespace plumb::session
