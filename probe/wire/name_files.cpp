#include "probe/wire/name_files.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "probe/model/lowered.hpp"
#include "probe/model/printable.hpp"

namespace plumb::wire {
namespace {

constexpr std::string_view kBlank = " \t\r\v\f";

// Cuts the first line off `text`.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Cuts the first word off `text`; empty at its end.
std::string_view next_word(std::string_view& text, std::string_view separators = kBlank) {
  text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(word.size());
  return word;
}

// The scope of "fe80::1%eth0" has no place in an Address and is left out.
std::optional<Address> address_in(std::string_view word) {
  return Address::parse(word.substr(0, word.find('%')));
}

int number_in(std::string_view digits, int limit) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::result_out_of_range) return limit;
  return std::clamp(value, 0, limit);
}

// Limits: RES_MAXNDOTS, RES_MAXRETRANS and RES_MAXRETRY of resolv.h.
void read_options(ResolvConf& conf, std::string_view words) {
  for (auto word = next_word(words); !word.empty(); word = next_word(words)) {
    if (word.starts_with("ndots:")) conf.ndots = number_in(word.substr(6), 15);
    if (word.starts_with("timeout:")) conf.timeout_s = number_in(word.substr(8), 30);
    if (word.starts_with("attempts:")) conf.attempts = number_in(word.substr(9), 5);
  }
}

// glibc keeps the last of all `domain` and `search` lines.
void read_search(ResolvConf& conf, std::string_view words, bool only_first) {
  conf.search.clear();
  for (auto word = next_word(words); !word.empty(); word = next_word(words)) {
    if (word.size() > 1 && word.back() == '.') word.remove_suffix(1);
    conf.search.push_back(lowered(word));
    if (only_first) return;
  }
}

// One `[!UNAVAIL=return NOTFOUND=continue]` behind a source.
void read_actions(NssSource& source, std::string_view words) {
  for (auto word = next_word(words); !word.empty(); word = next_word(words)) {
    const std::string action = lowered(word);
    if (action == "!unavail=return") source.stop_unless_unavailable = true;
    if (action == "notfound=return") source.stop_on_notfound = true;
    if (action == "notfound=continue") source.stop_on_notfound = false;
  }
}

std::vector<NssSource> read_sources(std::string_view rest) {
  std::vector<NssSource> sources;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlank), rest.size()));
    if (rest.empty()) return sources;
    if (rest.front() == '[') {
      const std::size_t end = std::min(rest.find(']'), rest.size());
      if (!sources.empty()) read_actions(sources.back(), rest.substr(1, end - 1));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      continue;
    }
    const std::string_view name = rest.substr(0, rest.find_first_of(" \t\r\v\f["));
    sources.push_back({printable(lowered(name)), false, false});
    rest.remove_prefix(name.size());
  }
}

}  // namespace

ResolvConf parse_resolv_conf(std::string_view text) {
  ResolvConf conf;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (line.starts_with(';') || line.starts_with('#')) continue;
    const std::string_view keyword = line.substr(0, line.find_first_of(kBlank));
    line.remove_prefix(keyword.size());
    if (keyword == "nameserver") {
      const auto address = address_in(next_word(line, " \t\r\v\f;#"));
      if (address) conf.nameservers.push_back({*address, 53});
    } else if (keyword == "search" || keyword == "domain") {
      read_search(conf, line, keyword == "domain");
    } else if (keyword == "options") {
      read_options(conf, line);
    }
  }
  return conf;
}

Hosts parse_hosts(std::string_view text) {
  Hosts hosts;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = next_line(text);
    line = line.substr(0, line.find('#'));
    const auto address = address_in(next_word(line));
    if (!address) continue;
    HostsEntry entry{*address, {}, number};
    for (auto name = next_word(line); !name.empty(); name = next_word(line))
      entry.names.push_back(lowered(name));
    if (!entry.names.empty()) hosts.entries.push_back(std::move(entry));
  }
  return hosts;
}

std::vector<const HostsEntry*> Hosts::lookup(std::string_view host) const {
  const auto is_host = [host](const std::string& name) {
    return std::ranges::equal(name, host, {}, {}, to_lower);
  };
  std::vector<const HostsEntry*> found;
  for (const HostsEntry& entry : entries)
    if (std::ranges::any_of(entry.names, is_host)) found.push_back(&entry);
  return found;
}

Nsswitch parse_nsswitch(std::string_view text) {
  Nsswitch nsswitch;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    line = line.substr(0, line.find('#'));
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view database = line.substr(0, colon);
    if (next_word(database) != "hosts") continue;
    auto sources = read_sources(line.substr(colon + 1));
    if (!sources.empty()) nsswitch.hosts = std::move(sources);
  }
  return nsswitch;
}

}  // namespace plumb::wire
