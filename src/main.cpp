#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "probe/net/session_pool.hpp"
#include "src/program.hpp"

// Read by jemalloc, where the program is linked with it, before main(): a thread keeps more freed
// blocks at hand than a TLS handshake of OpenSSL makes (two thousand, and 64 of them at once), where
// it would hand them back to locked arenas, and looks through them less often: 3 % of such a probe.
extern "C" const char* malloc_conf;
const char* malloc_conf =
    "lg_tcache_nslots_mul:3,tcache_nslots_small_max:1000,tcache_nslots_large:128,"
    "tcache_gc_incr_bytes:104857600";

int main(int argc, char** argv) {
  const int code = plumb::run_program(std::vector<std::string>(argv + 1, argv + argc));
  // After an interrupt a login may still wait for its server, in a thread that needs the constants of
  // the client library and of OpenSSL.
  if (plumb::net::sessions_left()) {
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(code);
  }
  return code;
}
