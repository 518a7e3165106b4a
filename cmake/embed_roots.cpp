// Writes roots.inc, a row {"name"sv, "PEM"sv} for each root certificate that ships in the program; run
// by the build. A file whose certificate has not the fingerprint that cmake/roots.cmake names for it
// stops the build: nobody trusts a root because a file was changed.
//
//   embed_roots OUTPUT NAME SHA256 FILE [NAME SHA256 FILE]…
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

namespace {

std::string fingerprint(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest, &length) != 1) return {};
  std::string hex;
  char pair[3];
  for (unsigned i = 0; i < length; ++i) {
    std::snprintf(pair, sizeof pair, "%02x", digest[i]);
    hex += pair;
  }
  return hex;
}

}  // namespace

int main(int count, char** arguments) {
  std::string rows;
  for (int i = 2; i + 2 < count; i += 3) {
    const std::string name = arguments[i], expected = arguments[i + 1], path = arguments[i + 2];
    std::ifstream file(path);
    std::stringstream pem;
    pem << file.rdbuf();
    const std::string actual = fingerprint(pem.str());
    if (actual != expected) {
      std::cerr << path << ": expected the certificate " << expected << ", found "
                << (actual.empty() ? "none" : actual) << "\n";
      return 1;
    }
    rows += "{\"" + name + "\"sv, R\"embedded(" + pem.str() + ")embedded\"sv},\n";
  }
  if (rows.empty()) return 2;
  std::ofstream out(arguments[1]);
  out << rows;
  out.close();
  return out ? 0 : 1;
}
