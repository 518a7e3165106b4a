// One question over our own connection, asked of a server that has accepted the account: who are
// you, and do you take writes? A session of the library (checks/session) goes by name and cannot
// ask a given address; this can, so two addresses are asked in the same words.
//
// SHOW instead of SELECT @@x, as in a session: a variable that this server does not have is absent
// instead of an error, and it needs no right. Facts and their meaning are the session's.
#pragma once

#include <optional>
#include <string>

#include "checks/mysql/text_result.hpp"
#include "probe/model/fact.hpp"
#include "probe/model/vocabulary.hpp"

namespace plumb::mysql {

class IdentityQuestion {
 public:
  wire::Bytes ask() const;  // the packet
  TextResult::Step on_packet(wire::View payload);

  // What the answer taught; an error packet's number and text are facts as well.
  const Facts& facts() const { return facts_; }
  const std::optional<Failure>& failure() const { return failure_; }
  const std::string& raw() const { return raw_; }

 private:
  void read();

  TextResult result_;
  Facts facts_;
  std::optional<Failure> failure_;
  std::string raw_;
};

}  // namespace plumb::mysql
