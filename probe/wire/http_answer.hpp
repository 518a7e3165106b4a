// One HTTP/1.1 answer, read from the bytes that came so far: as much of RFC 9112 as a service next
// door needs (status line, headers, a body by length, in chunks, or to the end of the connection).
// Reading is a function of the bytes, not a machine that keeps state: call it again when more came.
//
// Once an answer is whole or malformed, further bytes do not change it (fuzzed). What is longer than
// the limit is malformed, so nobody needs another bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/model/observation.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::wire {

inline constexpr std::size_t kHttpLimit = 64 * 1024;

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // untrusted, as it came

  std::string_view header(std::string_view name) const;  // in lower case; empty where absent
  bool operator==(const HttpAnswer&) const = default;
};

struct HttpReading {
  enum class State : std::uint8_t { incomplete, whole, malformed };
  State state = State::incomplete;
  HttpAnswer answer;  // of a whole one
};

// `ended`: the peer has closed, no more will come.
HttpReading parse_http_answer(View bytes, bool ended);

// The Date header, "Sun, 06 Nov 1994 08:49:37 GMT"; nothing for the forms that nobody sends now.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace plumb::wire
