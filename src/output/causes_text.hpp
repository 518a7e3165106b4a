// The catalogue on a screen: what `plumb causes` prints.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "probe/model/cause.hpp"

namespace plumb::output {

using Causes = std::span<const Cause* const>;

// Without a case: {host} becomes <host>.
std::string with_placeholders(std::string_view text);

std::string causes_list(Causes causes, int width = 80);       // id, layer, owner; title below
std::string cause_page(const Cause& cause, int width = 80);   // what a person needs to act
std::string causes_json(Causes causes);                       // plumb.causes/1
const Cause* find_cause(Causes causes, std::string_view id);  // nullptr: none
std::string similar_causes(Causes causes,
                           std::string_view id);  // "did you mean" ids, one a line; may be empty

}  // namespace plumb::output
