// Which steps of a remedy concern a deployment. A profile that some step names gets that step and
// the common ones; where the profile tells nothing (`mysql`, `aws-vpce`) the reader chooses among
// all of them. A step of one cloud is for no other; where the cloud is unknown, AWS's are shown.
// Likewise a step for some kinds of case, where the verdict says which kind it found.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "probe/model/cause.hpp"
#include "probe/model/profile.hpp"

namespace plumb {

std::vector<const RemedyTemplate*> steps_for(const Profile& profile, Cloud cloud,
                                             std::span<const RemedyTemplate> remedy,
                                             std::string_view kind = {});

}  // namespace plumb
