// The observations that sample reports are put together from.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb::test {

Case sample_case(std::string_view host, std::string_view profile, Micros took);

Observation resolved(std::string_view host, std::vector<std::string> answers);
Observation connected(std::string_view endpoint, int after, int micros);
Observation silent(std::string_view endpoint, int after);
Observation greeted(std::string_view endpoint, int after);
Observation secured(std::string_view endpoint, int after, std::string_view host);
Observation logged_in(std::string_view endpoint, int after);

}  // namespace plumb::test
