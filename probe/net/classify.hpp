// errno → Failure and its name: the one place where the kernel's words become ours.
#pragma once

#include <string>

#include "probe/model/vocabulary.hpp"

namespace plumb::net {

// Of connect() EINVAL and EACCES speak
// of a local route (failure catalogue §2.0). An errno that nobody listed is local_limit:
// trouble of the tool is never trouble of the target.
Failure classify_errno(int error);
std::string errno_name(int error);  // "ECONNREFUSED"; "errno 99999" if libc has no name

}  // namespace plumb::net
