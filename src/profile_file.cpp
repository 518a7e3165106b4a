#include "src/profile_file.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "probe/model/printable.hpp"
#include "src/cli_values.hpp"
#include "src/read_file.hpp"
#include "src/strict_yaml.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestFile = 1024 * 1024, kMostProfiles = 1000;

void read_differences(const YAML::Node& entry, UserProfileText& into) {
  if (const YAML::Node address = entry["address"]) {
    into.address = from_string<Expected>(yaml::text_of(address));
    if (!into.address) yaml::fail(address, "expected any, private or public");
  }
  if (const YAML::Node port = entry["port"]) {
    into.port = parse_port(yaml::text_of(port));
    if (!into.port) yaml::fail(port, "expected a port, 1 to 65535");
  }
  if (const YAML::Node tls = entry["tls"]) {
    into.tls = parse_tls_mode(yaml::text_of(tls));
    if (!into.tls) yaml::fail(tls, "expected off, preferred, required, verify-ca or verify-full");
  }
  if (const YAML::Node behind = entry["behind_load_balancer"])
    into.behind_load_balancer = yaml::flag_of(behind);
}

UserProfileText read_profile(const YAML::Node& entry) {
  yaml::allow_keys(entry, {"name", "like", "hosts", "title", "address", "port", "tls", "ca",
                           "server_name", "flavors", "behind_load_balancer"});
  UserProfileText text;
  text.name = yaml::text_or(entry, "name", "");
  text.like = yaml::text_or(entry, "like", text.like);
  text.hosts = yaml::text_or(entry, "hosts", "");
  text.title = printable(yaml::text_or(entry, "title", ""));
  text.ca = yaml::text_or(entry, "ca", "");
  text.server_name = yaml::text_or(entry, "server_name", "");
  text.flavors = yaml::texts(entry["flavors"]);
  read_differences(entry, text);
  return text;
}

void add_profile(const YAML::Node& entry, UserProfiles& into) {
  UserProfile::Made made = UserProfile::make(read_profile(entry));
  if (!made.profile) yaml::fail(entry, made.error);
  const auto same = [&](const auto& each) { return each->row().name == made.profile->row().name; };
  if (std::ranges::any_of(into, same)) yaml::fail(entry, "a second profile of this name");
  into.push_back(std::move(made.profile));
}

}  // namespace

ProfileFile parse_profiles(std::string_view yaml) {
  ProfileFile file;
  try {
    const YAML::Node list = YAML::Load(std::string(yaml));
    if (list.IsNull()) return {{}, "it is empty; expected a list of profiles"};
    if (!list.IsSequence() || list.size() == 0) yaml::fail(list, "expected a list of profiles");
    if (list.size() > kMostProfiles)
      yaml::fail(list, fmt::format("more than {} profiles", kMostProfiles));
    for (const auto& entry : list) add_profile(entry, file.profiles);
  } catch (const YAML::Exception& error) {
    file.profiles.clear();
    file.error = fmt::format("line {}: {}", error.mark.line + 1, printable(error.msg));
  }
  return file;
}

ProfileFile read_profile_file(const std::string& path) {
  const FileText read = read_file(path, kLongestFile);
  ProfileFile file;
  if (!read.error.empty())
    file.error = "cannot read it: " + read.error;
  else if (read.cut)
    file.error = "longer than 1 MiB";
  else
    file = parse_profiles(read.text);
  if (!file.error.empty()) file.error = printable(path) + ": " + file.error;
  return file;
}

}  // namespace plumb
