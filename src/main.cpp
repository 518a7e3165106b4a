#include <string>
#include <vector>

#include "src/program.hpp"

int main(int argc, char** argv) {
  return plumb::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
