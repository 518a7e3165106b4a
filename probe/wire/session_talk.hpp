// The sans-io conversation in SQL: a value that says its next statement, is told what came back, and
// at the end gives one Observation. The driver (probe/net/session_client) owns the library, its
// thread and its time-outs; scripts and tests own none of them.
//
//   next(nullptr) ──► "SELECT …" ──► next(&result) ──► "SHOW …" ──► … ──► nullopt ──► observation()
//
// An error of a statement is a result like any other: a right that is missing for looking must not
// end the conversation. Where the connection is lost there is no further next(); observation() still
// gives what was learnt until then.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/observation.hpp"

namespace plumb::wire {

struct SessionError {
  unsigned code = 0;     // the server's number, 1227
  std::string sqlstate;  // five characters, or empty
  std::string text;
};

struct SessionResult {
  using Cell = std::optional<std::string>;  // absent: NULL
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;  // of the first result set; each as wide as `columns`
  std::optional<SessionError> error;    // then there are no columns
};

class SessionTalk {
 public:
  virtual ~SessionTalk() = default;
  // `previous`: what the last statement came to; null at the beginning.
  virtual std::optional<std::string> next(const SessionResult* previous) = 0;
  // Phase session, unnumbered, without endpoint and duration.
  virtual Observation observation() const = 0;
};

}  // namespace plumb::wire
