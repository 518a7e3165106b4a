#include "probe/wire/certificate_judge.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cstring>

#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::wire {
namespace {

OSSL_LIB_CTX* context_of(const std::shared_ptr<const TlsLibrary>& library) {
  return library ? library->context() : nullptr;
}

X509Handle shared(X509* certificate) {
  return X509Handle(X509_up_ref(certificate) == 1 ? certificate : nullptr);
}

// Where the shard's own library cannot read a key: the certificate as the default context reads it.
X509Handle readable(X509* certificate) {
  X509Handle one(X509_get0_pubkey(certificate) ? nullptr : decode_in(nullptr, *certificate));
  return one ? std::move(one) : shared(certificate);
}

// By identity: a path holds the very objects that were given.
int place_of(STACK_OF(X509) * sent, const X509& certificate) {
  for (int i = 0; i < sk_X509_num(sent); ++i)
    if (sk_X509_value(sent, i) == &certificate) return i;
  return -1;
}

std::size_t size_of(const X509& certificate) {
  return static_cast<std::size_t>(std::max(0, i2d_X509(&certificate, nullptr)));
}

void set_verdict(const CertificateVerdicts& verdicts, Facts& facts) {
  facts.set(key::tls_verify_code, std::int64_t{verdicts.chain_code});
  if (!verdicts.chain_ok()) {
    facts.set(key::tls_verify_depth, std::int64_t{verdicts.chain_depth});
    facts.set(key::tls_verify_text, verdicts.chain_text);
  }
  facts.set(key::tls_chain_ok, verdicts.chain_ok());
  facts.set(key::tls_dates_ok, verdicts.dates_ok());
}

}  // namespace

std::size_t ChainJudge::Hash::operator()(const Key& key) const {
  std::size_t value = 0;
  std::memcpy(&value, key.data(), sizeof value);
  return value;
}

ChainJudge::ChainJudge(std::shared_ptr<const Trust> trust,
                       std::shared_ptr<const TlsLibrary> library)
    : library_(std::move(library)),
      trust_(std::move(trust)),
      sha256_(EVP_MD_fetch(context_of(library_), "SHA256", nullptr)) {}

void ChainJudge::open_store() {
  if (store_ || !trust_) return;
  store_ = trust_->copy_into(context_of(library_));
  STACK_OF(X509_OBJECT)* const objects = X509_STORE_get0_objects(store_.get());
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i)
    if (const X509* root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)))
      cuts_.add(*root);
  cuts_.sort();
}

std::shared_ptr<const JudgedChain> ChainJudge::judge(STACK_OF(X509) * sent, WallTime now,
                                                     int security_level) {
  Fingerprints prints;
  for (int i = 0; i < sk_X509_num(sent); ++i)
    prints.push_back(fingerprint_of(*sk_X509_value(sent, i), sha256_.get()));
  const std::optional<Key> key = key_of(prints, security_level);
  if (key)
    if (auto chain = known(*key, now)) return chain;
  open_store();
  const X509StackHandle certificates = objects_of(sent, prints);
  auto chain = work_out(certificates.get(), prints, now, security_level);
  DateCuts dates;
  std::size_t size = 0;
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    dates.add(*sk_X509_value(sent, i));
    size += size_of(*sk_X509_value(sent, i));
  }
  const auto window = cuts_.around(now, dates);
  if (key && window && size <= kLargest) keep(*key, *window, chain);
  ERR_clear_error();
  return chain;
}

X509StackHandle ChainJudge::objects_of(STACK_OF(X509) * sent, const Fingerprints& prints) {
  X509StackHandle objects(sk_X509_new_null());
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    const auto& print = prints[static_cast<std::size_t>(i)];
    X509Handle one = i == 0 || !print ? readable(sk_X509_value(sent, i))
                                      : object_above(sk_X509_value(sent, i), *print);
    if (sk_X509_push(objects.get(), one.get()) > 0) one.release();
  }
  return objects;
}

X509Handle ChainJudge::object_above(X509* certificate, const Fingerprint& print) {
  if (const auto known = objects_.find(print); known != objects_.end())
    return shared(known->second.get());
  if (objects_.size() >= kObjects) objects_.clear();
  return shared(objects_.emplace(print, readable(certificate)).first->second.get());
}

std::optional<ChainJudge::Key> ChainJudge::key_of(const Fingerprints& prints,
                                                  int security_level) const {
  std::vector<std::uint8_t> all;
  all.reserve(prints.size() * sizeof(Fingerprint) + 1);
  for (const auto& print : prints) {
    if (!print) return std::nullopt;
    all.insert(all.end(), print->begin(), print->end());
  }
  all.push_back(static_cast<std::uint8_t>(security_level));
  Key key{};
  if (EVP_Digest(all.data(), all.size(), key.data(), nullptr, sha256_.get(), nullptr) != 1)
    return std::nullopt;
  return key;
}

std::shared_ptr<const JudgedChain> ChainJudge::known(const Key& key, WallTime now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  if (!found->second->window.holds(now)) {
    chains_.erase(found->second);
    by_key_.erase(found);
    return nullptr;
  }
  chains_.splice(chains_.begin(), chains_, found->second);
  ++reused_;
  return chains_.front().chain;
}

void ChainJudge::keep(const Key& key, const Window& window,
                      std::shared_ptr<const JudgedChain> chain) {
  if (chains_.size() >= kChains) {
    by_key_.erase(chains_.back().key);
    chains_.pop_back();
  }
  chains_.push_front({key, window, std::move(chain)});
  by_key_[key] = chains_.begin();
}

std::optional<Fingerprint> ChainJudge::root_fingerprint(X509& root) {
  const auto known = roots_.find(&root);
  if (known != roots_.end()) return known->second;
  const auto fingerprint = fingerprint_of(root, sha256_.get());
  if (fingerprint) roots_.emplace(&root, *fingerprint);
  return fingerprint;
}

ChainJudge::Text ChainJudge::text_above(X509& certificate,
                                        const std::optional<Fingerprint>& fingerprint) {
  if (!fingerprint) return std::make_shared<const CertificateText>(text_of(certificate, {}));
  const auto known = texts_.find(*fingerprint);
  if (known != texts_.end()) return known->second;
  if (texts_.size() >= kTexts) texts_.clear();
  const auto made = std::make_shared<const CertificateText>(text_of(certificate, fingerprint));
  return texts_.emplace(*fingerprint, made).first->second;
}

void ChainJudge::describe_path(const CertificateVerdicts& verdicts, const PrintOf& print_of,
                               const CertificateText& leaf, Facts& facts) {
  std::vector<Facts> rows;
  STACK_OF(X509)* const path = verdicts.path.get();
  for (int i = 0; i < sk_X509_num(path) && rows.size() < kMaxChainRows; ++i) {
    X509& certificate = *sk_X509_value(path, i);
    rows.push_back(path_row(i == 0 ? leaf : *text_above(certificate, print_of(certificate))));
  }
  if (!rows.empty()) facts.set(key::tls_path, std::move(rows));
  if (!verdicts.ending) return;
  facts.set(key::tls_path_ends, rfc3339(verdicts.ending->at));
  facts.set(key::tls_path_ends_with, verdicts.ending->subject);
}

std::shared_ptr<const JudgedChain> ChainJudge::work_out(STACK_OF(X509) * sent,
                                                        const Fingerprints& prints, WallTime now,
                                                        int security_level) {
  // Of a path: what was sent, else a root of the store.
  const PrintOf print_of = [&](X509& certificate) {
    const int place = place_of(sent, certificate);
    return place < 0 ? root_fingerprint(certificate) : prints[static_cast<std::size_t>(place)];
  };
  auto chain = std::make_shared<JudgedChain>();
  Facts& facts = chain->facts;
  X509& first = *sk_X509_value(sent, 0);
  const CertificateText leaf = text_of(first, prints[0]);
  describe_leaf(leaf, sans_of(first), facts);
  std::vector<Facts> rows{chain_row(leaf)};
  for (std::size_t i = 1; i < prints.size() && rows.size() < kMaxChainRows; ++i)
    rows.push_back(chain_row(*text_above(*sk_X509_value(sent, static_cast<int>(i)), prints[i])));
  facts.set(key::tls_chain, std::move(rows));
  chain->verdicts = verify_chain(
      {store_.get(), context_of(library_), sent, security_level, &links_, print_of}, now);
  describe_path(chain->verdicts, print_of, leaf, facts);
  chain->verdicts.path.reset();
  set_verdict(chain->verdicts, facts);
  return chain;
}

}  // namespace plumb::wire
