// What the floors have in common: the words of their command line, the bytes that plumb sends, and the line
// that they print. A floor does plumb's input and output and nothing else: no allocation per probe, one
// thread, nothing learnt that is not needed to go on. What plumb costs above it is what plumb adds.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "checks/mysql/packet.hpp"

namespace plumb::bench {

struct Words {
  std::uint16_t port = 0;
  std::uint32_t probes = 0;
  std::uint32_t in_flight = 64;
  const char* ca = nullptr;
};

// PORT PROBES [IN_FLIGHT | CA_FILE]
inline Words read_words(int argc, char** argv, bool with_ca) {
  if (argc < 3 || (with_ca && argc < 4)) {
    std::fprintf(stderr, "usage: %s PORT PROBES %s\n", argv[0],
                 with_ca ? "CA_FILE" : "[IN_FLIGHT]");
    std::exit(2);
  }
  Words words;
  words.port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  words.probes = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  if (with_ca)
    words.ca = argv[3];
  else if (argc > 3)
    words.in_flight = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
  return words;
}

// plumb's own packets, made by plumb's own functions for a server that offers everything.
struct ClientBytes {
  wire::Bytes ssl_request, login;
};
inline ClientBytes client_bytes(bool tls) {
  mysql::Greeting offered;
  offered.capabilities = ~0u;
  mysql::LoginRequest login;
  login.capabilities = mysql::client_capabilities(offered, tls, false);
  login.user = "plumb_probe";
  login.plugin = "caching_sha2_password";
  return {mysql::ssl_request(1, login.capabilities), mysql::handshake_response(tls ? 2 : 1, login)};
}

inline double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Measures from its making to report(), this thread's CPU and the kernel's for it.
class Meter {
 public:
  Meter() { getrusage(RUSAGE_SELF, &began_); }
  void report(std::uint32_t probes) const {
    rusage now{};
    getrusage(RUSAGE_SELF, &now);
    const double user = seconds(now.ru_utime) - seconds(began_.ru_utime);
    const double system = seconds(now.ru_stime) - seconds(began_.ru_stime);
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - at_;
    std::printf(
        R"({"probes":%u,"wall_s":%.6f,"user_s":%.6f,"system_s":%.6f,"cpu_us_per_probe":%.3f})"
        "\n",
        probes, wall.count(), user, system, (user + system) * 1e6 / probes);
  }

 private:
  rusage began_{};
  std::chrono::steady_clock::time_point at_ = std::chrono::steady_clock::now();
};

// A floor measures servers that answer; anything else would be another quantity.
[[noreturn]] inline void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

}  // namespace plumb::bench
