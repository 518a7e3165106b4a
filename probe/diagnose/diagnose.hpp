// Evidence in, verdict out: a pure function. Nothing is looked up, asked or timed here, so saved
// evidence can be judged again, and every rule of the report holds by construction:
//   failed or degraded  ⇔  there is a root cause, and it is findings[0];
//   failed              ⇒  findings[0] is an error at least; what no cause explains is
//   `unclassified`; ok, unknown         ⇒  nothing above info, nothing above warning.
#pragma once

#include <span>

#include "probe/model/cause.hpp"
#include "probe/model/diagnosis.hpp"

namespace plumb {

Diagnosis diagnose(const Case& about, std::span<const Cause* const> catalogue);

}  // namespace plumb
