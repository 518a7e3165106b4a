#include "probe/model/rfc3339.hpp"

#include <chrono>
#include <cstdio>

namespace plumb {
namespace {

// Takes digits, fixed in number, and separators off the front; the first misfit poisons it.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      const int digit = next_digit();
      if (digit < 0) ok_ = false;
      value = ok_ ? value * 10 + digit : 0;
    }
    return value;
  }
  void expect(std::string_view either) {
    if (rest_.empty() || either.find(rest_.front()) == std::string_view::npos) ok_ = false;
    if (ok_) rest_.remove_prefix(1);
  }
  bool peek(char wanted) const { return ok_ && !rest_.empty() && rest_.front() == wanted; }
  char take() {
    const char taken = rest_.empty() ? '\0' : rest_.front();
    if (!rest_.empty()) rest_.remove_prefix(1);
    return taken;
  }
  int next_digit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return -1;
    return take() - '0';
  }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Micros> fraction(Cursor& in) {
  if (!in.peek('.')) return Micros(0);
  in.take();
  int value = 0;
  int seen = 0;
  for (int digit = in.next_digit(); digit >= 0; digit = in.next_digit())
    if (++seen <= 6) value = value * 10 + digit;
  if (seen == 0) return std::nullopt;
  for (int i = seen; i < 6; ++i) value *= 10;
  return Micros(value);
}

std::optional<std::chrono::minutes> offset(Cursor& in) {
  const char sign = in.take();
  if (sign == 'Z' || sign == 'z') return std::chrono::minutes(0);
  if (sign != '+' && sign != '-') return std::nullopt;
  const int hours = in.digits(2);
  in.expect(":");
  const int minutes = in.digits(2);
  if (!in.ok() || hours > 23 || minutes > 59) return std::nullopt;
  const std::chrono::minutes ahead(hours * 60 + minutes);
  return sign == '+' ? ahead : -ahead;
}

}  // namespace

std::string rfc3339(WallTime time) {
  namespace chrono = std::chrono;
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(chrono::floor<chrono::seconds>(time) - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  namespace chrono = std::chrono;
  Cursor in(text);
  const int year = in.digits(4);
  in.expect("-");
  const int month = in.digits(2);
  in.expect("-");
  const int day = in.digits(2);
  in.expect("Tt ");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  in.expect(":");
  const int second = in.digits(2);
  if (!in.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto micros = fraction(in);
  const auto ahead = offset(in);
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!micros || !ahead || !in.done() || !date.ok()) return std::nullopt;
  // The clock of system_clock (64-bit nanoseconds) holds 1678 … 2261: clamp, so that a certificate
  // "without end" (9999) stays one instead of wrapping into the past.
  const chrono::sys_time<Micros> exact = chrono::sys_days(date) + chrono::hours(hour) +
                                         chrono::minutes(minute) + chrono::seconds(second) -
                                         *ahead + *micros;
  if (exact > chrono::floor<Micros>(WallTime::max())) return WallTime::max();
  if (exact < chrono::ceil<Micros>(WallTime::min())) return WallTime::min();
  return WallTime(exact.time_since_epoch());
}

}  // namespace plumb
