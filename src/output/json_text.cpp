#include "src/output/json_text.hpp"

#include <algorithm>

#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

bool is_easy(char c) { return is_plain(c) || c == '"' || c == '\\' || c == '\n'; }

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

JsonText& JsonText::text(std::string_view value) {
  std::string& out = item();
  if (!std::ranges::all_of(value, is_easy)) {
    out += dump_line(Json(value));
    return *this;
  }
  out += '"';
  while (!value.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if_not(value, is_plain) - value.begin());
    out += value.substr(0, plain);
    if (plain == value.size()) break;
    const char escaped = value[plain];
    out += '\\';
    out += escaped == '\n' ? 'n' : escaped;
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
