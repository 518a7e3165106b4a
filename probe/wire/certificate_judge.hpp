// What a chain comes to, worked out once for the same bytes: verdicts and facts of what a server
// sent, for one CA set. The name is no part of it: it is checked on every connection, and so is,
// by TLS itself, that the server holds the leaf's key.
//
// The key is the SHA-256 of the fingerprints (SHA-256 of the DER) of all certificates in the order
// sent, and of the security level; the CA set and the purpose (TLS server) are the judge's own and
// never change. OpenSSL's verdict depends on nothing else but the time, and an entry is used only in
// the window of time in which that cannot change it (certificate_window.hpp). A fingerprint that
// cannot be made, or a date that cannot be read, means no reuse.
//
// Of a chain that was not met before, all is verified by OpenSSL, except that signatures above the
// leaf that were checked once are not checked again (certificate_links.hpp); the texts of the
// certificates above the leaf are kept by fingerprint, and so are kObjects of the objects that these
// were decoded into: OpenSSL keeps in them what it worked out of the same bytes before, extensions
// and the key's Montgomery form.
//
// Bounded: kChains chains, the least recently used leaves first; a chain of more than kLargest bytes
// is a stranger's joke and not kept. One thread's own: a judge belongs to a TlsContext, which
// belongs to a shard. The roots are decoded anew in the shard's library, when first asked.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probe/wire/certificate_verify.hpp"
#include "probe/wire/certificate_window.hpp"
#include "probe/wire/tls_library.hpp"

namespace plumb::wire {

struct JudgedChain {
  CertificateVerdicts verdicts;  // without a path and a name
  Facts facts;                   // tls.server.*, tls.chain, tls.path … tls.dates_ok
};

class ChainJudge {
 public:
  static constexpr std::size_t kChains = 1024, kTexts = 1024, kObjects = 64, kLargest = 16 * 1024;

  // `trust` null: nobody is trusted. `library` null: OpenSSL's default context.
  ChainJudge(std::shared_ptr<const Trust> trust, std::shared_ptr<const TlsLibrary> library);

  // `sent`: leaf first, not empty; decoded in `library`.
  std::shared_ptr<const JudgedChain> judge(STACK_OF(X509) * sent, WallTime now, int security_level);

  std::size_t kept() const { return chains_.size(); }
  std::size_t reused() const { return reused_; }  // answers without a verification

 private:
  using Key = Fingerprint;
  using Text = std::shared_ptr<const CertificateText>;
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  struct Kept {
    Key key;
    Window window;
    std::shared_ptr<const JudgedChain> chain;
  };
  using Chains = std::list<Kept>;                                // most recently used first
  using Fingerprints = std::vector<std::optional<Fingerprint>>;  // in the order sent
  using PrintOf = std::function<std::optional<Fingerprint>(X509&)>;

  void open_store();
  X509StackHandle objects_of(STACK_OF(X509) * sent, const Fingerprints& prints);
  X509Handle object_above(X509* certificate, const Fingerprint& print);
  std::optional<Key> key_of(const Fingerprints& prints, int security_level) const;
  std::shared_ptr<const JudgedChain> known(const Key& key, WallTime now);
  void keep(const Key& key, const Window& window, std::shared_ptr<const JudgedChain> chain);
  std::shared_ptr<const JudgedChain> work_out(STACK_OF(X509) * sent, const Fingerprints& prints,
                                              WallTime now, int security_level);
  void describe_path(const CertificateVerdicts& verdicts, const PrintOf& print_of,
                     const CertificateText& leaf, Facts& facts);
  Text text_above(X509& certificate, const std::optional<Fingerprint>& fingerprint);
  std::optional<Fingerprint> root_fingerprint(X509& root);

  std::shared_ptr<const TlsLibrary> library_;  // outlives all that was decoded in it
  std::shared_ptr<const Trust> trust_;
  std::unique_ptr<EVP_MD, FreeWith<EVP_MD_free>> sha256_;
  X509StoreHandle store_;  // a copy of trust_, for this library alone; null until asked
  DateCuts cuts_;          // of the roots
  std::unordered_map<const X509*, Fingerprint> roots_;  // of store_, which keeps them
  std::unordered_map<Key, Text, Hash> texts_;           // of certificates above a leaf
  std::unordered_map<Key, X509Handle, Hash> objects_;   // of the same
  ProvenLinks links_;
  Chains chains_;
  std::unordered_map<Key, Chains::iterator, Hash> by_key_;
  std::size_t reused_ = 0;
};

}  // namespace plumb::wire
