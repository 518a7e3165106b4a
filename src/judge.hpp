// A case and the whole catalogue → a report. Pure: `check`, `wait`, `replay` and `selftest` judge
// alike.
#pragma once

#include "probe/model/diagnosis.hpp"

namespace plumb {

Report judge(Case about);

}  // namespace plumb
