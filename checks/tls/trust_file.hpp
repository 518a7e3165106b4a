// The CA file by itself, before any handshake: whose roots does it hold, and are they those of this
// deployment? Compared by subject, so only a file that is listed whole can be judged.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::tls {

// Where no handshake came about: afterwards the chain decides.
Verdict match_file_of_another_deployment(const Case& about);

}  // namespace plumb::tls
