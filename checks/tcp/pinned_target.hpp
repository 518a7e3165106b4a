// The failover trap of the HeatWave and ApsaraDB recipes: a load balancer's target is an address, the
// database's name follows it, and the target does not. Who gives the registered address with
// --pinned-target has it compared with the name's present ones, and sees who answers there now:
// nobody, a reader, another server or the same one. Who it is the servers say themselves, both asked
// in the same words (checks/mysql/identity.hpp), where an account may log in.
#pragma once

#include "probe/model/cause.hpp"

namespace plumb::tcp {

Verdict pinned_target_left(const Case& about);

}  // namespace plumb::tcp
