#include "probe/wire/trust.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "probe/model/printable.hpp"
#include "probe/wire/certificate.hpp"

namespace plumb::wire {
namespace {

using namespace std::literals;

struct ShippedRoot {
  std::string_view name, pem;
};
constexpr ShippedRoot kShipped[] = {
#include "roots.inc"
};

std::string shipped(std::string_view name) {
  std::string pem;
  for (const ShippedRoot& root : kShipped)
    if (name == Trust::kIsrgRoots || name == root.name) pem += root.pem;
  return pem;
}

constexpr int kMaxCertificates = 5000;  // a whole distribution has about 150

// Where distributions keep the bundle: Debian and Alpine, Red Hat, Alpine and BSD.
constexpr std::array<const char*, 3> kBundles{
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};

// An encrypted key in the file must not make OpenSSL ask at the terminal.
int no_password(char*, int, int, void*) { return -1; }

bool looks_like_hash_link(const std::string& name) {
  return name.size() == 10 && name[8] == '.' &&
         std::all_of(name.begin(), name.begin() + 8,
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

Trust::Roots::Roots() : store(X509_STORE_new()) {}

Trust::Trust(std::string label, Reader later)
    : label_(printable(label)), later_(std::move(later)) {}

const Trust::Roots& Trust::roots() const {
  if (later_) std::call_once(read_, [this] { later_(roots_); });
  return roots_;
}

bool Trust::is_file() const {
  return label_ != "system" && label_ != kIsrgRootX1 && label_ != kIsrgRoots;
}

bool Trust::Roots::add(X509* certificate) {
  if (X509_STORE_add_cert(store.get(), certificate) != 1) return false;
  ++count;
  if (subjects.size() < kMaxSubjects) subjects.push_back(subject_of(*certificate));
  return true;
}

std::string Trust::Roots::read(BIO* from) {
  while (count < kMaxCertificates) {
    ERR_clear_error();
    const X509Handle certificate(PEM_read_bio_X509(from, nullptr, no_password, nullptr));
    if (certificate) {
      add(certificate.get());
      continue;
    }
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    if (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE) break;
    return "certificate " + std::to_string(count + 1) + " in it is damaged";
  }
  return count == 0 ? "no PEM certificate in it" : "";
}

LoadedTrust Trust::load(const std::string& what) {
  if (what == "system") return {from_system(), ""};
  if (what == kIsrgRootX1 || what == kIsrgRoots) return from_pem(shipped(what), what);
  return from_file(what);
}

std::shared_ptr<const Trust> Trust::nobody(std::string label) {
  return std::shared_ptr<const Trust>(new Trust(std::move(label)));
}

LoadedTrust Trust::from_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return {nullptr, "cannot read " + printable(path) + ": " + std::strerror(EISDIR)};
  errno = 0;
  const BioHandle file(BIO_new_file(path.c_str(), "rb"));
  const int why = errno;
  ERR_clear_error();
  if (!file) return {nullptr, "cannot open " + printable(path) + ": " + std::strerror(why)};
  std::shared_ptr<Trust> trust(new Trust(path));
  const std::string error = trust->roots_.read(file.get());
  if (!error.empty()) return {nullptr, "cannot use " + printable(path) + ": " + error};
  return {std::move(trust), ""};
}

LoadedTrust Trust::from_pem(std::string_view pem, std::string label) {
  std::shared_ptr<Trust> trust(new Trust(std::move(label)));
  if (pem.size() > INT_MAX) return {nullptr, "cannot use " + trust->label() + ": too large"};
  const BioHandle text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::string error = trust->roots_.read(text.get());
  if (!error.empty()) return {nullptr, "cannot use " + trust->label() + ": " + error};
  return {std::move(trust), ""};
}

X509StoreHandle Trust::copy_into(OSSL_LIB_CTX* library) const {
  X509StoreHandle copy(X509_STORE_new());
  STACK_OF(X509_OBJECT)* const objects = X509_STORE_get0_objects(store());
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    const X509* const held = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
    if (!held) continue;
    X509Handle root = decode_in(library, *held);
    if (!root || !X509_get0_pubkey(root.get())) root = decode_in(nullptr, *held);
    if (root) X509_STORE_add_cert(copy.get(), root.get());
  }
  ERR_clear_error();
  return copy;
}

std::string Trust::pem() const {
  const BioHandle text(BIO_new(BIO_s_mem()));
  STACK_OF(X509_OBJECT)* const objects = X509_STORE_get0_objects(store());
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i)
    if (X509* const held = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)))
      PEM_write_bio_X509(text.get(), held);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

bool Trust::Roots::read_file(const std::string& path) {
  const BioHandle file(BIO_new_file(path.c_str(), "rb"));
  if (file) read(file.get());
  ERR_clear_error();
  return count > 0;
}

// Directories of one certificate a file under its subject's hash; read now, so that no verification
// ever waits for a disk.
void Trust::Roots::read_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    if (looks_like_hash_link(entry->path().filename().string())) read_file(entry->path().string());
}

void Trust::Roots::read_usual_places() {
  if (read_file(X509_get_default_cert_file())) return;
  for (const char* bundle : kBundles)
    if (read_file(bundle)) return;
  read_directory(X509_get_default_cert_dir());
}

std::shared_ptr<const Trust> Trust::from_system() {
  const char* own_file = std::getenv(X509_get_default_cert_file_env());
  const char* own_directory = std::getenv(X509_get_default_cert_dir_env());
  Reader reader;
  if (own_file || own_directory)
    reader = [file = std::string(own_file ? own_file : ""),
              directory = std::string(own_directory ? own_directory : "")](Roots& roots) {
      if (!roots.read_file(file)) roots.read_directory(directory);
    };
  else
    reader = [](Roots& roots) { roots.read_usual_places(); };
  return std::shared_ptr<const Trust>(new Trust("system", std::move(reader)));
}

}  // namespace plumb::wire
