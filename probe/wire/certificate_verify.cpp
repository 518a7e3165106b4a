#include "probe/wire/certificate_verify.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <utility>

#include "probe/model/address.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::wire {
namespace {

using std::chrono::seconds;

constexpr int kMaxPaths = 8;  // a stranger chose what was sent

bool about_dates(int code) {
  return code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID;
}

int pass_over_dates(int ok, X509_STORE_CTX* context) {
  return ok == 1 || about_dates(X509_STORE_CTX_get_error(context)) ? 1 : 0;
}

int no_signatures(X509_STORE_CTX*) { return 1; }

// One verification by OpenSSL, of a chain as it stands at one moment.
class Run {
 public:
  Run(const ChainQuestion& question, WallTime when)
      : nobody_(question.store ? nullptr : X509_STORE_new()),
        context_(X509_STORE_CTX_new_ex(question.library, nullptr)) {
    X509_STORE* store = question.store ? question.store : nobody_.get();
    X509_STORE_CTX_init(context_.get(), store, sk_X509_value(question.sent, 0), question.sent);
    X509_STORE_CTX_set_default(context_.get(), "ssl_server");
    X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context_.get());
    X509_VERIFY_PARAM_set_time(how, std::chrono::system_clock::to_time_t(when));
    X509_VERIFY_PARAM_set_auth_level(how, question.security_level);
    X509_STORE_CTX_set_verify_cb(context_.get(), pass_over_dates);
  }
  // Signatures are what takes time; without them a path is a guess.
  void leave_signatures_out() { X509_STORE_CTX_set_verify(context_.get(), no_signatures); }
  bool is_good_by_links(const ChainQuestion& question, WallTime when) {
    LinkProof proof{*question.links, question.fingerprint,
                    std::chrono::system_clock::to_time_t(when)};
    use_proven_links(context_.get(), proof);
    return X509_verify_cert(context_.get()) == 1 && code() == X509_V_OK;
  }
  bool leads_to_root() {
    const bool ok = X509_verify_cert(context_.get()) == 1;
    return ok && (code() == X509_V_OK || about_dates(code()));
  }
  int code() const { return X509_STORE_CTX_get_error(context_.get()); }
  int depth() const { return X509_STORE_CTX_get_error_depth(context_.get()); }
  STACK_OF(X509) * path() const { return X509_STORE_CTX_get0_chain(context_.get()); }

 private:
  X509StoreHandle nobody_;
  X509StoreContextHandle context_;
};

void judge_dates(STACK_OF(X509) * chain, WallTime now, CertificateVerdicts& into) {
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509& certificate = *sk_X509_value(chain, i);
    const auto end = not_after_of(certificate);
    const auto begin = not_before_of(certificate);
    if (end && *end < now) into.expired = true;
    if (begin && *begin > now) into.not_yet_valid = true;
  }
}

void judge_chain(Run& run, CertificateVerdicts& into) {
  if (run.leads_to_root()) return;
  // A failure of OpenSSL itself (no memory) leaves no code: it must not read as trusted.
  into.chain_code = run.code() == X509_V_OK ? X509_V_ERR_UNSPECIFIED : run.code();
  into.chain_depth = run.depth();
  into.chain_text = X509_verify_cert_error_string(into.chain_code);
}

std::optional<PathEnding> first_to_end(STACK_OF(X509) * path) {
  std::optional<PathEnding> first;
  for (int i = 1; i < sk_X509_num(path); ++i) {
    const X509& upper = *sk_X509_value(path, i);
    const auto end = not_after_of(upper);
    if (end && (!first || *end < first->at)) first = {*end, subject_of(upper)};
  }
  return first;
}

bool upper_is_valid(STACK_OF(X509) * path, WallTime when) {
  for (int i = 1; i < sk_X509_num(path); ++i) {
    const auto end = not_after_of(*sk_X509_value(path, i));
    const auto begin = not_before_of(*sk_X509_value(path, i));
    if ((end && *end < when) || (begin && *begin > when)) return false;
  }
  return true;
}

// A path that is good then, the leaf's own dates apart; null if there is none.
X509StackHandle path_at(const ChainQuestion& question, WallTime when) {
  Run quick(question, when);
  quick.leave_signatures_out();
  if (!quick.leads_to_root() || !upper_is_valid(quick.path(), when)) return nullptr;
  Run whole(question, when);
  return X509StackHandle(whole.leads_to_root() ? X509_chain_up_ref(whole.path()) : nullptr);
}

std::optional<PathEnding> ending_of(const ChainQuestion& question, STACK_OF(X509) * path,
                                    WallTime now) {
  if (!upper_is_valid(path, now)) return std::nullopt;
  std::optional<PathEnding> ending = first_to_end(path);
  for (int i = 0; i < kMaxPaths && ending && ending->at < now + kFarAway; ++i) {
    const X509StackHandle next = path_at(question, ending->at + seconds(1));
    const auto later = next ? first_to_end(next.get()) : std::nullopt;
    if (!later) break;
    ending = later;
  }
  return ending;
}

bool missing_issuer_or_self_signed(long code) {
  return code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         code == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         code == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE || code == X509_V_ERR_CERT_UNTRUSTED ||
         code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         code == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

}  // namespace

std::optional<Failure> CertificateVerdicts::chain_failure() const {
  if (!chain_ok())
    return missing_issuer_or_self_signed(chain_code) ? Failure::certificate_untrusted
                                                     : Failure::certificate_invalid;
  if (expired) return Failure::certificate_expired;
  if (not_yet_valid) return Failure::certificate_not_yet_valid;
  return std::nullopt;
}

std::optional<Failure> CertificateVerdicts::failure() const {
  const auto first = chain_failure();
  return first || name_ok ? first : Failure::certificate_name_mismatch;
}

bool name_matches(X509* leaf, std::string name) {
  if (!name.empty() && name.back() == '.') name.pop_back();
  if (name.empty()) return false;
  if (Address::parse(name)) return X509_check_ip_asc(leaf, name.c_str(), 0) == 1;
  return X509_check_host(leaf, name.data(), name.size(), 0, nullptr) == 1;
}

CertificateVerdicts verify_chain(const ChainQuestion& question, WallTime now) {
  CertificateVerdicts verdicts;
  std::optional<Run> run(std::in_place, question, now);
  if (!question.links || !run->is_good_by_links(question, now)) {
    run.emplace(question, now);
    judge_chain(*run, verdicts);
  }
  STACK_OF(X509)* const path = run->path();
  if (path) verdicts.path.reset(X509_chain_up_ref(path));
  judge_dates(path ? path : question.sent, now, verdicts);
  if (verdicts.chain_ok()) verdicts.ending = ending_of(question, path, now);
  ERR_clear_error();
  return verdicts;
}

CertificateVerdicts verify_certificates(const Trust* trust, STACK_OF(X509) * sent,
                                        const std::string& name, WallTime now, int security_level) {
  CertificateVerdicts verdicts =
      verify_chain({trust ? trust->store() : nullptr, nullptr, sent, security_level}, now);
  verdicts.name_ok = name_matches(sk_X509_value(sent, 0), name);
  ERR_clear_error();
  return verdicts;
}

}  // namespace plumb::wire
