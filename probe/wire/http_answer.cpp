#include "probe/wire/http_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "probe/model/lowered.hpp"

namespace plumb::wire {
namespace {

using State = HttpReading::State;

constexpr std::string_view kVersion = "HTTP/1.";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLastYear = 2261;  // the clock counts nanoseconds
constexpr std::size_t kNone = std::string_view::npos;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == kNone) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc() || at != end) return std::nullopt;
  return value;
}

// "HTTP/1.1 200 OK"
std::optional<int> status_of(std::string_view line) {
  const std::size_t code_at = kVersion.size() + 2;
  if (!line.starts_with(kVersion) || line.size() < code_at + 3) return std::nullopt;
  if (line[code_at - 1] != ' ' || (line.size() > code_at + 3 && line[code_at + 3] != ' '))
    return std::nullopt;
  const auto code = number(line.substr(code_at, 3), 10);
  if (!code || *code < 100) return std::nullopt;
  return static_cast<int>(*code);
}

bool read_head(std::string_view head, HttpAnswer& answer) {
  const std::size_t first_end = std::min(head.find(kLineEnd), head.size());
  const auto status = status_of(head.substr(0, first_end));
  if (!status) return false;
  answer.status = *status;
  for (std::size_t at = first_end + kLineEnd.size(); at < head.size();) {
    const std::size_t end = std::min(head.find(kLineEnd, at), head.size());
    const std::string_view line = head.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon == kNone || colon == 0) return false;
    answer.headers.emplace_back(lowered(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    at = end + kLineEnd.size();
  }
  return true;
}

State cut_by_length(std::string_view rest, std::size_t length, bool ended, std::string& body) {
  if (length > kHttpLimit) return State::malformed;
  if (rest.size() < length) return ended ? State::malformed : State::incomplete;
  body = rest.substr(0, length);
  return State::whole;
}

// What follows the last chunk (trailers) is of no interest.
State join_chunks(std::string_view rest, bool ended, std::string& body) {
  const State unfinished = ended ? State::malformed : State::incomplete;
  for (;;) {
    const std::size_t end = rest.find(kLineEnd);
    if (end == kNone) return unfinished;
    const std::string_view line = rest.substr(0, end);
    const auto length = number(trimmed(line.substr(0, line.find(';'))), 16);
    if (!length || *length > kHttpLimit) return State::malformed;
    if (*length == 0) return State::whole;
    rest.remove_prefix(end + kLineEnd.size());
    if (rest.size() < *length + kLineEnd.size()) return unfinished;
    if (rest.substr(*length, kLineEnd.size()) != kLineEnd) return State::malformed;
    body += rest.substr(0, *length);
    rest.remove_prefix(*length + kLineEnd.size());
  }
}

State read_body(std::string_view rest, bool ended, HttpAnswer& answer) {
  if (lowered(answer.header("transfer-encoding")) == "chunked")
    return join_chunks(rest, ended, answer.body);
  if (answer.status < 200 || answer.status == 204 || answer.status == 304) return State::whole;
  const std::string_view stated = answer.header("content-length");
  if (!stated.empty()) {
    const auto length = number(stated, 10);
    return length ? cut_by_length(rest, *length, ended, answer.body) : State::malformed;
  }
  if (!ended) return State::incomplete;
  answer.body = rest;
  return State::whole;
}

State read(std::string_view text, bool ended, HttpAnswer& answer) {
  const std::size_t known = std::min(text.size(), kVersion.size());
  if (text.substr(0, known) != kVersion.substr(0, known)) return State::malformed;
  const std::size_t end = text.find("\r\n\r\n");
  if (end == kNone) return ended ? State::malformed : State::incomplete;
  if (!read_head(text.substr(0, end), answer)) return State::malformed;
  return read_body(text.substr(end + 4), ended, answer);
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

HttpReading parse_http_answer(View bytes, bool ended) {
  HttpReading reading;
  const std::string_view text = as_text(bytes).substr(0, kHttpLimit);
  const bool cut = bytes.size() > kHttpLimit;
  reading.state = read(text, ended && !cut, reading.answer);
  if (reading.state == State::incomplete && text.size() == kHttpLimit)
    reading.state = State::malformed;
  if (reading.state != State::whole) reading.answer = {};
  return reading;
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::string_view kShape = "___, __ ___ ____ __:__:__ GMT";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i)
    if (kShape[i] != '_' && kShape[i] != text[i]) return std::nullopt;
  const auto field = [text](std::size_t at, std::size_t size) {
    return number(text.substr(at, size), 10);
  };
  const auto day = field(5, 2), year = field(12, 4);
  const auto hour = field(17, 2), minute = field(20, 2), second = field(23, 2);
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (!day || !year || !hour || !minute || !second || month == kMonths.end()) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(*year)),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  const bool fits = *year >= 1970 && *year <= kLastYear;
  if (!date.ok() || !fits || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace plumb::wire
