// The floor of a probe with TLS, verify-full: the bare loop that everybody writes with OpenSSL, blocking, one
// at a time: connect, greeting, SSLRequest, handshake with SNI, chain and name verified each time, anonymous
// login, ERR, close_notify, our side closed, EOF, close. The context and its store are made once; whatever
// OpenSSL allocates per connection is its own.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "bench/addresses.hpp"
#include "bench/floor/floor.hpp"

namespace plumb::bench {
namespace {

[[noreturn]] void give_up_tls(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  ERR_print_errors_fp(stderr);
  std::exit(1);
}

void probe(SSL_CTX* context, const Words& words, const ClientBytes& bytes, std::uint32_t target,
           const char* name) {
  std::array<unsigned char, 4096> buffer{};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in to = socket_address(address_of(target), words.port);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    give_up("connect");
  if (read(fd, buffer.data(), buffer.size()) < 5 || buffer[4] != 0x0a) give_up("no greeting");
  if (write(fd, bytes.ssl_request.data(), bytes.ssl_request.size()) < 0) give_up("write");

  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, fd);
  SSL_set_tlsext_host_name(ssl, name);
  SSL_set1_host(ssl, name);
  if (SSL_connect(ssl) != 1) give_up_tls("handshake");
  if (SSL_write(ssl, bytes.login.data(), static_cast<int>(bytes.login.size())) <= 0)
    give_up_tls("login");
  if (SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size())) < 5 || buffer[4] != 0xff)
    give_up_tls("no ERR");
  SSL_shutdown(ssl);
  shutdown(fd, SHUT_WR);
  while (read(fd, buffer.data(), buffer.size()) > 0) {
  }
  SSL_free(ssl);
  close(fd);
}

void write_name(std::array<char, 64>& name, std::uint32_t target) {
  std::snprintf(name.data(), name.size(), "t%0*u.%s", kDigits, target, kDomain);
}

}  // namespace
}  // namespace plumb::bench

int main(int argc, char** argv) {
  using namespace plumb::bench;
  const Words words = read_words(argc, argv, true);
  const ClientBytes bytes = client_bytes(true);
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_file(context, words.ca) != 1) give_up_tls("the CA file");
  std::array<char, 64> name{};
  const Meter meter;
  for (std::uint32_t target = 0; target < words.probes; ++target) {
    write_name(name, target);
    probe(context, words, bytes, target, name.data());
  }
  meter.report(words.probes);
  SSL_CTX_free(context);
  return 0;
}
