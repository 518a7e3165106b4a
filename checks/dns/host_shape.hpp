// What the host name alone tells: it belongs to another kind of endpoint than the one that is
// meant, or to none at all.
#pragma once

#include <string>
#include <string_view>

#include "probe/model/cause.hpp"

namespace plumb::dns {

Verdict match_wrong_host_type(const Case& about);
Verdict match_host_typo(const Case& about);

// The shape that a host of this domain should have, the nearest of those known; empty: none is.
std::string_view nearest_shape(std::string_view host);
// The name is of another kind of endpoint than the profile that was asked for.
bool is_of_another_profile(const Case& about);

}  // namespace plumb::dns
