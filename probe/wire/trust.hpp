// The root certificates that a chain is judged by: loaded once, immutable, shared by every
// connection.
//
// What cannot be loaded is data, not an exception: the command line turns it into exit 2, the
// causes into `tls-ca-file-missing`. An empty system store is a Trust that trusts nobody (count 0),
// because that is what an application in the same container gets.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "probe/wire/certificate_handle.hpp"

namespace plumb::wire {

class Trust;

// `trust` is null exactly when `error` says why: "cannot open /x/ca.pem: No such file or
// directory".
struct LoadedTrust {
  std::shared_ptr<const Trust> trust;
  std::string error;
};

class Trust {
 public:
  static constexpr std::size_t kMaxSubjects = 8;

  // The names of the roots that ship in the program: X1 alone, and X1 with X2.
  static constexpr std::string_view kIsrgRootX1 = "isrg-root-x1", kIsrgRoots = "isrg-roots";

  // "system", a name of shipped roots, or the path of a PEM file.
  static LoadedTrust load(const std::string& what);
  static std::shared_ptr<const Trust> nobody(std::string label);  // where a file cannot be read
  static LoadedTrust from_file(const std::string& path);
  static LoadedTrust from_pem(std::string_view pem, std::string label);
  // OpenSSL's default file and directory (SSL_CERT_FILE and SSL_CERT_DIR alone, if set), else the
  // bundles where distributions keep them. Never null.
  static std::shared_ptr<const Trust> from_system();

  X509_STORE* store() const { return store_.get(); }
  // The same certificates, decoded in another library context: a shard's own, to share nothing.
  X509StoreHandle copy_into(OSSL_LIB_CTX* library) const;
  std::string pem() const;  // all of them, for a library that reads files only
  int count() const { return count_; }
  bool is_file() const;  // neither the system's store nor shipped
  const std::string& label() const {
    return label_;
  }  // what `load` was asked for, or what from_pem was told
  const std::vector<std::string>& subjects() const {
    return subjects_;
  }  // printable, the first eight

 private:
  explicit Trust(std::string label);
  std::string read(BIO* from);  // empty, or what is wrong
  bool add(X509* certificate);
  bool read_file(const std::string& path);  // for the system's places: what is missing is no error
  void read_directory(const std::string& path);

  X509StoreHandle store_;
  int count_ = 0;
  std::string label_;
  std::vector<std::string> subjects_;
};

}  // namespace plumb::wire
