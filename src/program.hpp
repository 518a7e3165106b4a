#pragma once

#include <string>
#include <vector>

namespace plumb {

// The whole program but main(): arguments without the program's name → exit code.
int run_program(const std::vector<std::string>& arguments);

}  // namespace plumb
