#include "checks/mysql/text_result.hpp"

#include <utility>

namespace plumb::mysql {
namespace {

using wire::Reader;
using wire::View;

constexpr std::uint8_t kNull = 0xfb;
constexpr std::uint8_t kTwoBytes = 0xfc;
constexpr std::uint8_t kThreeBytes = 0xfd;
constexpr std::uint8_t kEof = 0xfe;
constexpr std::size_t kLongestEof = 5;  // mark, warnings (2), status (2)

// A cell of 16 MiB and more (fe) fits into no packet that is read here.
std::optional<std::size_t> read_length(Reader& in) {
  const std::uint8_t first = in.u8();
  if (first == kTwoBytes) return in.u16le();
  if (first == kThreeBytes) return in.u24le();
  return first < kNull ? std::optional<std::size_t>(first) : std::nullopt;
}

bool is_eof(View payload) {
  return !payload.empty() && payload.front() == kEof && payload.size() <= kLongestEof;
}

}  // namespace

std::optional<TextRow> parse_text_row(View payload, std::size_t columns) {
  Reader in(payload);
  TextRow row;
  for (std::size_t i = 0; i < columns; ++i) {
    if (in.left() > 0 && payload[in.position()] == kNull) {
      in.skip(1);
      row.emplace_back();
      continue;
    }
    const auto length = read_length(in);
    if (!length) return std::nullopt;
    row.emplace_back(wire::as_text(in.take(*length)));
    if (!in.ok()) return std::nullopt;
  }
  return in.left() == 0 ? std::optional(std::move(row)) : std::nullopt;
}

TextResult::Step TextResult::on_packet(View payload) {
  if (kind_of(payload) == Kind::error) {
    error_ = parse_error(payload);
    return error_ ? Step::over : Step::malformed;
  }
  switch (part_) {
    case Part::head:
      return on_head(payload);
    case Part::definitions:
      if (payload.empty() || is_eof(payload)) return Step::malformed;
      if (++defined_ == columns_) part_ = Part::end_of_definitions;
      return Step::listen;
    case Part::end_of_definitions:
      part_ = Part::rows;
      return is_eof(payload) ? Step::listen : Step::malformed;
    case Part::rows:
      return on_row(payload);
  }
  return Step::malformed;
}

TextResult::Step TextResult::on_head(View payload) {
  if (kind_of(payload) == Kind::ok) return Step::over;
  Reader in(payload);
  columns_ = in.u8();
  if (!in.ok() || in.left() > 0 || columns_ > kMostColumns) return Step::malformed;
  part_ = Part::definitions;
  return Step::listen;
}

TextResult::Step TextResult::on_row(View payload) {
  if (is_eof(payload)) return Step::over;
  auto row = parse_text_row(payload, columns_);
  if (!row || rows_.size() == kMostRows) return Step::malformed;
  rows_.push_back(std::move(*row));
  return Step::listen;
}

}  // namespace plumb::mysql
