// What several targets have in common, in words: shared by the formats for people.
#pragma once

#include <cstddef>
#include <string>

#include "probe/diagnose/shared_fault.hpp"

namespace plumb::output {

// What is shared and by how many, without their names. It says what was seen, not that the thing is
// at fault: that is the root cause's to say, with its confidence.
std::string shared_sentence(const SharedFault& fault);
// Their names: at most `shown` of them and how many more.
std::string shared_targets(const SharedFault& fault, std::size_t shown);

}  // namespace plumb::output
