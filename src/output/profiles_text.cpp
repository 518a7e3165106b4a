#include "src/output/profiles_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "src/output/columns.hpp"
#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

constexpr std::size_t kLabel = 14;

std::string port_of(const Profile& profile) {
  return profile.port ? std::to_string(*profile.port) : "4000 and 3306 are tried";
}

std::string chosen_by(const Profile& profile) {
  if (profile.name == profile_for_host({}).name) return "every host that no other profile knows";
  return profile.host_pattern.empty() ? fmt::format("--profile {}", profile.name)
                                      : fmt::format("the host's name, {}", profile.host_pattern);
}

std::string flavors_of(const Profile& profile) {
  std::string out(profile.flavors);
  for (std::size_t at = out.find(' '); at != out.npos; at = out.find(' ', at + 2))
    out.replace(at, 1, ", ");
  return out;
}

// What is not known of a deployment has no line.
std::vector<std::pair<std::string_view, std::string>> expectations(const Profile& profile) {
  std::vector<std::pair<std::string_view, std::string>> lines{
      {"Chosen by", chosen_by(profile)},
      {"Address", std::string(to_string(profile.address))},
      {"Port", port_of(profile)},
      {"TLS", std::string(to_string(profile.tls))},
      {"CA",
       profile.ca.empty() ? std::string(where_to_get(profile.roots)) : std::string(profile.ca)},
      {"Certificate",
       std::string(profile.server_name.empty() ? profile.certificate_name : profile.server_name)},
      {"User", std::string(user_rule(profile))},
      {"Greets as", flavors_of(profile)},
      {"Like", std::string(profile.like)},
      {"Source", std::string(profile.source)}};
  std::erase_if(lines, [](const auto& line) { return line.second.empty(); });
  return lines;
}

}  // namespace

std::string profiles_list(std::span<const Profile> profiles, int width) {
  std::size_t names = 0;
  for (const Profile& profile : profiles) names = std::max(names, profile.name.size());
  std::string out;
  for (const Profile& profile : profiles)
    out += hanging(left(profile.name, names + 2), profile.title, static_cast<std::size_t>(width));
  return out + "\nplumb profiles NAME: one in full\n";
}

std::string profile_page(const Profile& profile, int width) {
  const auto columns = static_cast<std::size_t>(width);
  std::string out = fmt::format("{}\n{}\n", profile.name, hanging("  ", profile.title, columns));
  for (const auto& [label, text] : expectations(profile))
    out += hanging("  " + left(label, kLabel), text, columns);
  if (!profile.normal.empty()) out += "\nNormal there\n";
  for (const std::string_view text : profile.normal) out += hanging("  - ", text, columns);
  if (!profile.vantages.empty()) out += "\nFrom where it shows what\n";
  for (const Vantage& vantage : profile.vantages) {
    out += hanging("  - ", fmt::format("From {}:", vantage.from), columns);
    out += hanging("    ", fmt::format("{}.", vantage.shows), columns);
  }
  return out;
}

std::string profiles_json(std::span<const Profile> profiles) {
  Json list = Json::array();
  for (const Profile& profile : profiles) {
    Json row{{"name", profile.name},
             {"title", profile.title},
             {"address", to_string(profile.address)},
             {"tls", to_string(profile.tls)},
             {"behind_load_balancer", profile.behind_load_balancer}};
    if (profile.port) row["port"] = *profile.port;
    const auto add = [&row](const char* key, std::string_view text) {
      if (!text.empty()) row[key] = text;
    };
    add("host_pattern", profile.host_pattern);
    add("ca", profile.ca.empty() ? where_to_get(profile.roots) : profile.ca);
    add("certificate_name",
        profile.server_name.empty() ? profile.certificate_name : profile.server_name);
    add("user", user_rule(profile));
    add("flavors", profile.flavors);
    add("like", profile.like);
    add("source", profile.source);
    for (const std::string_view text : profile.normal) row["normal"].push_back(text);
    for (const Vantage& vantage : profile.vantages)
      row["vantages"].push_back({{"from", vantage.from}, {"shows", vantage.shows}});
    list.push_back(std::move(row));
  }
  return dump_pretty({{"schema", "plumb.profiles/1"}, {"profiles", std::move(list)}}) + "\n";
}

}  // namespace plumb::output
