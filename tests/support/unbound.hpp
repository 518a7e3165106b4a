#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/dns_server.hpp"

namespace plumb::test {

// A real unbound on a free port, in the foreground, from a directory of its own.
class Unbound {
 public:
  Unbound()
      : directory_(std::filesystem::temp_directory_path() /
                   ("plumb-unbound-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    configure();
  }
  ~Unbound() {
    if (pid_ > 0) {
      ::kill(pid_, SIGTERM);
      ::waitpid(pid_, nullptr, 0);
    }
    std::filesystem::remove_all(directory_);
  }
  void start() {
    const std::string conf = directory_ / "unbound.conf";
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, 2);
    const char* path = ::getenv("PATH");
    ::setenv("PATH", (std::string(path ? path : "") + ":/usr/sbin").c_str(), 1);
    ::execlp("unbound", "unbound", "-d", "-c", conf.c_str(), nullptr);
    ::_exit(127);
  }
  // Another test may have taken the port that was free: then it has ended, and gets another one.
  void start_again_if_ended() {
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return;
    configure();
    start();
  }
  const Endpoint& endpoint() const { return at_; }

 private:
  void configure() {
    DnsServer port_finder([](const DnsAsked&) { return std::vector<wire::Bytes>{}; });
    at_ = port_finder.endpoint();
    std::ofstream conf(directory_ / "unbound.conf");
    conf << "server:\n interface: 127.0.0.1\n port: " << at_.port
         << "\n username: \"\"\n chroot: \"\"\n"
         << " directory: \"" << directory_.string()
         << "\"\n pidfile: \"\"\n use-syslog: no\n logfile: \"log\"\n"
         << " do-daemonize: no\n num-threads: 1\n module-config: \"iterator\"\n"
         << " local-zone: \"corp.example.\" static\n local-data: \"db.corp.example. 77 A "
            "10.1.2.3\"\n"
         << " local-zone: \"closed.example.\" always_refuse\n";
    for (int i = 0; i < 100; ++i)
      conf << " local-data: \"big.corp.example. 60 A 10.2.0." << i << "\"\n";
    conf << "remote-control:\n control-enable: no\n";
  }

  std::filesystem::path directory_;
  Endpoint at_;
  pid_t pid_ = -1;
};

}  // namespace plumb::test
