#include <string>
#include <vector>

#include "probe/wire/tls_memory.hpp"
#include "src/program.hpp"

int main(int argc, char** argv) {
  plumb::wire::give_openssl_free_lists();
  return plumb::run_program(std::vector<std::string>(argv + 1, argv + argc));
}
