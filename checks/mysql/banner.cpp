#include "checks/mysql/banner.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "probe/model/printable.hpp"

namespace plumb::mysql {
namespace {

constexpr std::size_t kDecisive = 5;
constexpr std::size_t kBannerLimit = 128;

bool is_text(wire::View bytes) {
  return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t c) {
    return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n' || c == '\t';
  });
}

wire::View decisive_part(wire::View first) {
  return first.first(std::min(first.size(), kDecisive));
}

}  // namespace

Opening judge_opening(wire::View first) {
  if (first.size() < kDecisive) return Opening::undecided;
  const std::uint8_t sequence = first[3];
  const std::uint8_t mark = first[4];
  const bool greets = mark == 0x0a && sequence == 0;
  const bool refuses = mark == 0xff && sequence <= 2;  // some count on from a greeting never sent
  return greets || refuses ? Opening::mysql : Opening::foreign;
}

Opening judge_cut_opening(wire::View first) {
  const Opening opening = judge_opening(first);
  if (opening != Opening::undecided) return opening;
  return is_text(first) ? Opening::foreign : Opening::undecided;
}

bool banner_complete(wire::View first) {
  if (!is_text(decisive_part(first))) return true;
  const wire::View head = first.first(std::min(first.size(), kBannerLimit));
  return head.size() == kBannerLimit || std::find(head.begin(), head.end(), '\n') != head.end();
}

std::string banner_text(wire::View first) {
  if (!is_text(decisive_part(first)))
    return printable(wire::as_text(decisive_part(first)), kBannerLimit);
  std::string_view line = wire::as_text(first.first(std::min(first.size(), kBannerLimit)));
  line = line.substr(0, line.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return printable(line, kBannerLimit);
}

std::string_view name_protocol(wire::View first) {
  using namespace std::string_view_literals;
  static constexpr std::pair<std::string_view, std::string_view> kOpenings[] = {
      {"HTTP/"sv, "http"},        {"<!DOC"sv, "http"},      {"<html"sv, "http"},
      {"SSH-"sv, "ssh"},          {"RFB "sv, "vnc"},        {"+OK"sv, "pop3"},
      {"* OK"sv, "imap"},         {"220"sv, "smtp-or-ftp"}, {"-ERR"sv, "redis"},
      {"-DENIED"sv, "redis"},     {"\x15\x03"sv, "tls"},    {"\x16\x03"sv, "tls"},
      {"E\0\0\0"sv, "postgresql"}};
  const std::string_view text = wire::as_text(first);
  for (const auto& [opening, name] : kOpenings)
    if (text.starts_with(opening)) return name;
  // X protocol: length (4, little endian), then the type of the message; 0x0b is its NOTICE.
  if (first.size() >= kDecisive && first[4] == 0x0b && first[3] == 0 && first[2] == 0)
    return "mysqlx";
  return "unknown";
}

}  // namespace plumb::mysql
