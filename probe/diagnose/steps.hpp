// Which steps of a remedy concern a deployment. A profile that some step names gets that step and
// the common ones; where the profile tells nothing (`mysql`, `aws-vpce`) the reader chooses among
// all of them.
#pragma once

#include <span>
#include <vector>

#include "probe/model/cause.hpp"
#include "probe/model/profile.hpp"

namespace plumb {

std::vector<const RemedyTemplate*> steps_for(const Profile& profile,
                                             std::span<const RemedyTemplate> remedy);

}  // namespace plumb
