#include "probe/model/user_profile.hpp"

#include <algorithm>
#include <utility>

#include "probe/model/printable.hpp"

namespace plumb {
namespace {

// libstdc++'s other matcher backtracks: `(a+)+b` would hold up a run for hours. This one knows no
// back-references, and says so.
constexpr auto kBounded = std::regex_constants::__polynomial;

constexpr std::size_t kLongestName = 64, kLongestPattern = 512, kLongestHost = 253,
                      kLongestText = 4096;
constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

std::string all_flavors() {
  std::string all;
  for (const std::string_view flavor : kFlavors) all.append(all.empty() ? "" : ", ").append(flavor);
  return all;
}

std::string fault_of(const UserProfileText& text) {
  const std::string_view name = text.name;
  if (name.empty() || name.size() > kLongestName ||
      name.find_first_not_of(kNameLetters) != std::string_view::npos)
    return "a profile's name has 1 to 64 of a-z 0-9 - _ and .";
  if (find_profile(name)) return "the name " + text.name + " is a shipped profile's";
  if (!find_profile(text.like))
    return "like: no shipped profile is called " + printable(text.like, kLongestName);
  if (text.hosts.size() > kLongestPattern) return "hosts: longer than 512 characters";
  const std::pair<const char*, const std::string&> texts[] = {{"title", text.title},
                                                              {"hosts", text.hosts},
                                                              {"ca", text.ca},
                                                              {"server_name", text.server_name}};
  for (const auto& [key, value] : texts)
    if (printable(value, kLongestText) != value)
      return std::string(key) + ": too long, or it holds a character that cannot be shown";
  for (const std::string& flavor : text.flavors)
    if (std::ranges::find(kFlavors, flavor) == kFlavors.end())
      return "flavors: " + printable(flavor, kLongestName) + " is none of " + all_flavors();
  return {};
}

}  // namespace

UserProfile::Made UserProfile::make(UserProfileText text) {
  if (std::string fault = fault_of(text); !fault.empty()) return {nullptr, std::move(fault)};
  const std::shared_ptr<UserProfile> made(new UserProfile(std::move(text)));
  const UserProfileText& own = made->text_;
  try {
    made->hosts_.assign(own.hosts, std::regex::ECMAScript | kBounded);
  } catch (const std::regex_error& error) {
    return {nullptr, "hosts: " + printable(own.hosts, 80) + " is no regular expression (" +
                         error.what() + ")"};
  }
  for (const std::string& flavor : own.flavors)
    made->flavors_ += (made->flavors_.empty() ? "" : " ") + flavor;

  Profile& row = made->row_;
  row = *find_profile(own.like);
  row.like = row.name;
  row.name = own.name;
  row.title = own.title.empty() ? row.title : std::string_view(own.title);
  row.host_pattern = own.hosts;
  row.only_private_dns = false;  // that is known of the shipped names alone
  row.ca = own.ca;
  row.server_name = own.server_name;
  if (!own.flavors.empty()) row.flavors = made->flavors_;
  row.address = own.address.value_or(row.address);
  if (own.port) row.port = own.port;
  row.tls = own.tls.value_or(row.tls);
  row.behind_load_balancer = own.behind_load_balancer.value_or(row.behind_load_balancer);
  return {made, {}};
}

bool UserProfile::is_for(std::string_view host) const {
  return !text_.hosts.empty() && host.size() <= kLongestHost &&
         std::regex_match(host.begin(), host.end(), hosts_);
}

ChosenProfile choose_profile(const UserProfiles& own, std::string_view name,
                             std::string_view host) {
  const auto found = std::ranges::find_if(own, [&](const auto& each) {
    return name.empty() ? each->is_for(host) : each->row().name == name;
  });
  if (found != own.end()) return {&(*found)->row(), *found};
  return {name.empty() ? &profile_for_host(host) : find_profile(name), nullptr};
}

}  // namespace plumb
