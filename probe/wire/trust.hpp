// The root certificates that a chain is judged by: loaded once, immutable, shared by every
// connection.
//
// What cannot be loaded is data, not an exception: the command line turns it into exit 2, the
// causes into `tls-ca-file-missing`. An empty system store is a Trust that trusts nobody (count 0),
// because that is what an application in the same container gets.
//
// The system's store holds some 150 certificates and costs 20 ms: where it lies is settled at once,
// it is read when somebody first asks for a certificate, in whichever thread.
#pragma once

#include <openssl/types.h>

#include <functional>
#include <memory>
#include <mutex>
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

  // Reads what is to be read now, so that nobody waits for it later.
  void read_now() const { roots(); }

  X509_STORE* store() const { return roots().store.get(); }
  // The same certificates, decoded in another library context: a shard's own, to share nothing.
  X509StoreHandle copy_into(OSSL_LIB_CTX* library) const;
  std::string pem() const;  // all of them, for a library that reads files only
  int count() const { return roots().count; }
  bool is_file() const;  // neither the system's store nor shipped
  const std::string& label() const {
    return label_;
  }  // what `load` was asked for, or what from_pem was told
  const std::vector<std::string>& subjects() const {
    return roots().subjects;
  }  // printable, the first eight

 private:
  struct Roots {
    Roots();
    std::string read(BIO* from);  // empty, or what is wrong
    bool add(X509* certificate);
    bool read_file(
        const std::string& path);  // for the system's places: what is missing is no error
    void read_directory(const std::string& path);
    void read_usual_places();

    X509StoreHandle store;
    int count = 0;
    std::vector<std::string> subjects;
  };
  using Reader = std::function<void(Roots&)>;

  explicit Trust(std::string label, Reader later = nullptr);
  const Roots& roots() const;

  std::string label_;
  Reader later_;  // null: all is read
  mutable std::once_flag read_;
  mutable Roots roots_;  // constant from then on
};

}  // namespace plumb::wire
