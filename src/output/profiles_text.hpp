// The deployments on a screen: what `plumb profiles` prints.
#pragma once

#include <span>
#include <string>

#include "probe/model/profile.hpp"

namespace plumb::output {

std::string profiles_list(std::span<const Profile> profiles, int width = 80);
// What is right there, what is normal there, and from where it can be seen.
std::string profile_page(const Profile& profile, int width = 80);
std::string profiles_json(std::span<const Profile> profiles);  // plumb.profiles/1

}  // namespace plumb::output
