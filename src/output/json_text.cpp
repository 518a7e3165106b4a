#include "src/output/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

enum class Needs : std::uint8_t { nothing, escape, library };

// By byte: a report is thousands of them.
constexpr auto kNeeds = [] {
  std::array<Needs, 256> needs;
  needs.fill(Needs::library);
  for (std::size_t c = ' '; c <= '~'; ++c) needs[c] = Needs::nothing;
  for (const unsigned char c : {'"', '\\', '\n'}) needs[c] = Needs::escape;
  return needs;
}();

Needs needs(char c) { return kNeeds[static_cast<unsigned char>(c)]; }

bool is_plain(char c) { return needs(c) == Needs::nothing; }

}  // namespace

std::string& JsonText::item() {
  if (!first_) out_ += ',';
  first_ = false;
  return out_;
}

JsonText& JsonText::open(char bracket) {
  item() += bracket;
  first_ = true;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  text(name);
  out_ += ':';
  first_ = true;
  return *this;
}

JsonText& JsonText::text(std::string_view whole) {
  std::string_view value = whole;
  std::string& out = item();
  const std::size_t begin = out.size();
  out += '"';
  for (;;) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if_not(value, is_plain) - value.begin());
    out += value.substr(0, plain);
    if (plain == value.size()) break;
    const char odd = value[plain];
    if (needs(odd) == Needs::library) {
      out.resize(begin);
      out += dump_line(Json(whole));
      return *this;
    }
    out += '\\';
    out += odd == '\n' ? 'n' : odd;
    value.remove_prefix(plain + 1);
  }
  out += '"';
  return *this;
}

JsonText& JsonText::texts(std::span<const std::string> values) {
  begin_list();
  for (const std::string& value : values) text(value);
  return end_list();
}

JsonText& JsonText::number(double value) {
  item() += dump_line(Json(value));
  return *this;
}

JsonText& JsonText::flag(bool value) {
  item() += value ? "true" : "false";
  return *this;
}

JsonText& JsonText::json(std::string_view value) {
  item() += value;
  return *this;
}

}  // namespace plumb::output
