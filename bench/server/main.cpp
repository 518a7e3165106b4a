// bench_server --certificates wildcard|own --key rsa|ecdsa [--busy] --ca FILE
// Writes the root to FILE, prints the ports as one JSON line, serves until standard input ends, prints counts.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>

#include "bench/server/server.hpp"

// Four thousand stalled connections are four thousand descriptors.
static void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char** argv) {
  using plumb::bench::KeyType;
  using plumb::bench::Shape;
  Shape shape = Shape::wildcard;
  KeyType type = KeyType::rsa;
  std::string ca_file;
  CLI::App app("the server of plumb's benchmarks");
  const std::map<std::string, Shape> shapes{{"wildcard", Shape::wildcard}, {"own", Shape::own}};
  const std::map<std::string, KeyType> types{{"rsa", KeyType::rsa}, {"ecdsa", KeyType::ecdsa}};
  app.add_option("--certificates", shape)->transform(CLI::CheckedTransformer(shapes));
  app.add_option("--key", type)->transform(CLI::CheckedTransformer(types));
  app.add_option("--ca", ca_file, "the root goes here, PEM")->required();
  bool busy = false;
  app.add_flag("--busy", busy, "never sleep: nobody's system call is longer for waking it");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's socket BIO knows no MSG_NOSIGNAL
  raise_descriptor_limit();
  try {
    plumb::bench::Server server(shape, type);
    std::ofstream(ca_file) << server.root_pem();
    std::cout << server.ports() << std::endl;
    std::cout << server.run(busy) << std::endl;
  } catch (const std::exception& error) {
    std::cerr << "bench_server: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
