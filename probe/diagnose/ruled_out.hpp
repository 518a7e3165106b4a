// Why each other cause of the catalogue does not hold. Few want to know, so it is no part of the
// diagnosis: the causes that did not hold are asked anew, which gives the same answers, for a
// diagnosis is a pure function of the case. In the catalogue's order, then what was set aside.
#pragma once

#include <vector>

#include "probe/model/diagnosis.hpp"

namespace plumb {

std::vector<RuledOut> ruled_out(const Report& report);
std::vector<RuledOut> ruled_out(const Case& about, const Diagnosis& diagnosis);

}  // namespace plumb
