#include "probe/diagnose/fill.hpp"

#include <algorithm>
#include <optional>

#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestValue = 256;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

const std::string* find(const Bindings& bindings, std::string_view name) {
  const auto found = std::find_if(bindings.rbegin(), bindings.rend(),
                                  [&](const auto& b) { return b.first == name; });
  return found == bindings.rend() || found->second.empty() ? nullptr : &found->second;
}

// The length of the name in "{name}…"; 0 if this brace holds none.
std::size_t name_length(std::string_view at) {
  const auto end = std::find_if_not(at.begin() + 1, at.end(), is_name_character);
  const auto length = static_cast<std::size_t>(end - at.begin()) - 1;
  return end != at.end() && *end == '}' ? length : 0;
}

template <class Accept>
std::string fill(std::string_view text, const Bindings& bindings, Accept accept) {
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    out += text.substr(0, brace);
    text.remove_prefix(brace);
    if (text.empty()) break;
    const std::size_t length = name_length(text);
    if (length == 0) {
      out += '{';
      text.remove_prefix(1);
      continue;
    }
    const std::string_view name = text.substr(1, length);
    const std::string* value = find(bindings, name);
    if (value && accept(*value))
      out += printable(*value, kLongestValue);
    else
      out.append("<").append(name).append(">");
    text.remove_prefix(length + 2);
  }
  return out;
}

std::string joined_addresses(const Case& about) {
  std::string out;
  for (const Observation& seen : experiment::first_pass(about.evidence)) {
    if (seen.phase != Phase::connect) continue;
    const auto endpoint = Endpoint::parse(seen.endpoint);
    if (!endpoint) continue;
    const std::string address = endpoint->address.to_string();
    if ((", " + out + ",").find(", " + address + ",") == std::string::npos)
      out += (out.empty() ? "" : ", ") + address;
  }
  return out;
}

const Value* where_am_i(const Case& about, const KeyInfo& key) {
  for (const Observation& seen : about.evidence.observations)
    if (const Value* value = seen.phase == Phase::local ? seen.facts.find(key) : nullptr)
      return value;
  return nullptr;
}

// The client's own side of a remedy: its VPC, subnet, region and security group.
void bind_whereabouts(Bindings& bindings, const Case& about) {
  const std::pair<std::string_view, KeyInfo> kNames[] = {{"vpc", key::local_vpc},
                                                         {"client_subnet", key::local_subnet},
                                                         {"client_cidr", key::local_subnet_cidr},
                                                         {"client_sg", key::local_groups},
                                                         {"region", key::cloud_region}};
  for (const auto& [name, key] : kNames) {
    const Value* value = where_am_i(about, key);
    if (!value) continue;
    if (const auto* text = std::get_if<std::string>(value)) bindings.emplace_back(name, *text);
    const auto* texts = std::get_if<std::vector<std::string>>(value);
    if (texts && !texts->empty()) bindings.emplace_back(name, texts->front());
  }
}

void bind_observation(Bindings& bindings, const Observation& seen) {
  if (!seen.resolver.empty()) bindings.emplace_back("resolver", seen.resolver);
  if (seen.failure)
    bindings.emplace_back("raw",
                          seen.raw.empty() ? std::string(to_string(*seen.failure)) : seen.raw);
  const auto endpoint = Endpoint::parse(seen.endpoint);
  if (!endpoint) return;
  bindings.emplace_back("endpoint", seen.endpoint);
  bindings.emplace_back("address", endpoint->address.to_string());
  bindings.emplace_back("port", std::to_string(endpoint->port));
}

}  // namespace

bool is_safe_to_paste(std::string_view value) {
  constexpr std::string_view kHarmless = "._:/@%+,=-";
  const auto harmless = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kHarmless.find(c) != std::string_view::npos;
  };
  return !value.empty() && value.size() <= kLongestValue && value.front() != '-' &&
         std::all_of(value.begin(), value.end(), harmless);
}

std::string fill_text(std::string_view text, const Bindings& bindings) {
  return fill(text, bindings, [](std::string_view) { return true; });
}

std::string fill_command(std::string_view command, const Bindings& bindings) {
  return fill(command, bindings, is_safe_to_paste);
}

Bindings bindings_of(const Case& about, const Verdict& verdict) {
  Bindings bindings;
  bindings.emplace_back("host", about.target.host);
  bindings.emplace_back("target", about.target.to_string());
  bindings.emplace_back("name", about.name_to_check());
  bindings.emplace_back("user",
                        about.policy.account.empty() ? about.target.user : about.policy.account);
  bindings.emplace_back("probe_user", about.policy.probe_user);
  bindings.emplace_back("profile", std::string(about.profile->name));
  bindings.emplace_back("addresses", joined_addresses(about));
  const auto port = about.target.port ? about.target.port : about.profile->port;
  if (port) bindings.emplace_back("port", std::to_string(*port));
  bind_whereabouts(bindings, about);
  if (!verdict.evidence.empty())
    if (const Observation* decisive = about.evidence.find(verdict.evidence.front()))
      bind_observation(bindings, *decisive);
  bindings.insert(bindings.end(), verdict.bindings.begin(), verdict.bindings.end());
  return bindings;
}

}  // namespace plumb
