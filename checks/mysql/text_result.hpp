// The answer to one query, as a server gives it to a client that asked for nothing newer: neither
// CLIENT_DEPRECATE_EOF nor LOCAL INFILE nor metadata to be left out (client_capabilities()).
//
//   ERR | OK (no rows) | columns ── definition … ── EOF ── row … ── EOF or ERR
//   row    cell …        cell    fb: NULL, else a length-encoded text
//
// Untrusted: a result has few columns, few rows and short ones, or it is none. Definitions are
// counted and not read. Whatever follows the end is not ours.
// Source: MySQL internals manual "Text Resultset"; MariaDB knowledge base "Result Set Packets".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/mysql/packet.hpp"
#include "probe/wire/bytes.hpp"

namespace plumb::mysql {

using TextRow = std::vector<std::optional<std::string>>;  // as sent: untrusted; absent: NULL

// Exactly `columns` cells that fill the packet; nothing otherwise.
std::optional<TextRow> parse_text_row(wire::View payload, std::size_t columns);

class TextResult {
 public:
  static constexpr std::size_t kMostColumns = 16;
  static constexpr std::size_t kMostRows = 64;
  enum class Step : std::uint8_t { listen, over, malformed };

  // Not to be called after `over` or `malformed`.
  Step on_packet(wire::View payload);

  const std::vector<TextRow>& rows() const { return rows_; }  // also those before an error
  const std::optional<ServerError>& error() const { return error_; }

 private:
  enum class Part : std::uint8_t { head, definitions, end_of_definitions, rows };
  Step on_head(wire::View payload);
  Step on_row(wire::View payload);

  Part part_ = Part::head;
  std::size_t columns_ = 0;
  std::size_t defined_ = 0;
  std::vector<TextRow> rows_;
  std::optional<ServerError> error_;
};

}  // namespace plumb::mysql
