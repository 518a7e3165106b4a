#include "probe/wire/tls_engine.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/keys.hpp"
#include "probe/model/printable.hpp"
#include "probe/wire/certificate_verify.hpp"
#include "probe/wire/trust.hpp"

namespace plumb::wire {
namespace {

constexpr std::size_t kOpeningKept = 64;  // of what the server sent first, to show what is no TLS

// RFC 8446 §6 and RFC 5246 §7.2.
constexpr std::array<std::pair<int, std::string_view>, 31> kAlerts{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
}};

// Clearing walks sixteen places; mostly there is nothing.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

// A certificate that does not decode is the certificate's fault, everything else the protocol's.
Failure own_failure() {
  const int library = ERR_GET_LIB(ERR_peek_error());
  const bool certificate = library == ERR_LIB_ASN1 || library == ERR_LIB_X509;
  return certificate ? Failure::certificate_invalid : Failure::tls_protocol;
}

// The cert callback, not the client_cert one: that is not called where a certificate is configured.
int note_request(SSL*, void* witness) {
  static_cast<TlsWitness*>(witness)->client_certificate_requested = true;
  return 1;
}

void note_alert(const SSL* ssl, int where, int value) {
  constexpr int kFatal = 2, kUserCanceled = 90;
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  const int number = value & 0xff;
  // A warning ends nothing in TLS 1.2; in 1.3 the level is to be ignored (RFC 8446 §6).
  const bool ends_it = value >> 8 == kFatal || SSL_version(ssl) == TLS1_3_VERSION;
  if (ends_it && number != 0 && number != kUserCanceled)
    static_cast<TlsWitness*>(SSL_get_app_data(ssl))->alert = number;
}

}  // namespace

std::string tls_alert_name(int number) {
  for (const auto& [known, name] : kAlerts)
    if (known == number) return std::string(name);
  return "alert_" + std::to_string(number);
}

struct TlsEngine::State {
  std::shared_ptr<const TlsContext> context;
  std::string name;
  WallTime now;
  SslHandle ssl;
  BIO* in = nullptr;  // both owned by ssl
  BIO* out = nullptr;
  TlsWitness witness;
  Bytes opening;
  bool completed = false;
  std::optional<Failure> failure;
  std::string raw;

  bool sends_name() const { return !name.empty() && !Address::parse(name); }
  View in_place_of_tls() const;
  void note_error(std::optional<Failure>& into, std::string& words) const;
  Facts alert_facts() const;
  Facts handshake_facts() const;
  void judge(TlsReport& report) const;
  TlsReport report(std::optional<Failure> why, std::string words) const;
};

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context, std::string name, WallTime now)
    : state_(std::make_unique<State>()) {
  State& my = *state_;
  my.context = std::move(context);
  my.name = std::move(name);
  my.now = now;
  my.ssl.reset(SSL_new(my.context->get()));
  my.in = BIO_new(BIO_s_mem());
  my.out = BIO_new(BIO_s_mem());
  SSL_set_bio(my.ssl.get(), my.in, my.out);
  SSL_set_connect_state(my.ssl.get());
  SSL_set_app_data(my.ssl.get(), &my.witness);
  SSL_set_info_callback(my.ssl.get(), note_alert);
  SSL_set_cert_cb(my.ssl.get(), note_request, &my.witness);
  if (my.sends_name()) SSL_set_tlsext_host_name(my.ssl.get(), my.name.c_str());
  forget_errors();
}

TlsEngine::~TlsEngine() = default;

std::size_t TlsEngine::feed(View from_network) {
  const std::size_t pending = BIO_ctrl_pending(state_->in);
  const std::size_t count = std::min(from_network.size(), kBuffer - std::min(kBuffer, pending));
  if (count == 0) return 0;
  Bytes& opening = state_->opening;
  const std::size_t kept = std::min(count, kOpeningKept - opening.size());
  opening.insert(opening.end(), from_network.begin(),
                 from_network.begin() + static_cast<std::ptrdiff_t>(kept));
  BIO_write(state_->in, from_network.data(), static_cast<int>(count));
  return count;
}

Bytes TlsEngine::drain() {
  Bytes bytes(BIO_ctrl_pending(state_->out));
  if (!bytes.empty()) BIO_read(state_->out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

TlsStep TlsEngine::handshake() {
  State& my = *state_;
  if (my.failure) return TlsStep::failed;
  if (my.completed) return TlsStep::done;
  forget_errors();
  const int done = SSL_do_handshake(my.ssl.get());
  if (done == 1) {
    my.completed = true;
    return TlsStep::done;
  }
  const int error = SSL_get_error(my.ssl.get(), done);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return TlsStep::want_more;
  my.note_error(my.failure, my.raw);
  if (error == SSL_ERROR_ZERO_RETURN) {
    my.failure = Failure::tls_eof;
    my.raw = "close_notify within the handshake";
  }
  return TlsStep::failed;
}

// A record's type is 20 to 23, and the first byte of its version 3.
View TlsEngine::State::in_place_of_tls() const {
  const bool record = !opening.empty() && opening[0] >= 20 && opening[0] <= 23 &&
                      (opening.size() < 2 || opening[1] == 3);
  return record ? View() : View(opening);
}

// An alert is the server's own word and comes before what OpenSSL makes of it. Alert 70 says what
// "unsupported protocol" says, seen from the other side.
void TlsEngine::State::note_error(std::optional<Failure>& into, std::string& words) const {
  words = openssl_error();
  if (words.empty()) words = "OpenSSL gives no reason";
  if (witness.alert) {
    into = *witness.alert == 70 ? Failure::tls_protocol : Failure::tls_alert;
    words = "alert " + std::to_string(*witness.alert) + " " + tls_alert_name(*witness.alert) +
            ": " + words;
  } else {
    into = own_failure();
    if (const View other = in_place_of_tls(); !other.empty())
      words += "; instead of TLS the server sent: " + printable(as_text(other));
  }
  forget_errors();
}

Facts TlsEngine::State::alert_facts() const {
  Facts facts;
  if (!witness.alert) return facts;
  facts.set(key::tls_alert, std::int64_t{*witness.alert});
  facts.set(key::tls_alert_name, tls_alert_name(*witness.alert));
  return facts;
}

Facts TlsEngine::State::handshake_facts() const {
  Facts facts;
  // A cipher is there once ServerHello was understood; before that SSL_version() is only our offer.
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl.get())) {
    facts.set(key::tls_version,
              std::string(SSL_version(ssl.get()) == TLS1_3_VERSION ? "1.3" : "1.2"));
    const char* standard = SSL_CIPHER_standard_name(cipher);
    facts.set(key::tls_cipher, std::string(standard ? standard : SSL_CIPHER_get_name(cipher)));
  }
  if (sends_name()) facts.set(key::tls_sni, printable(name));
  const Trust* trust = context->trust();
  facts.set(key::tls_trust_count, std::int64_t{trust ? trust->count() : 0});
  if (trust) {
    facts.set(key::tls_trust, trust->label());
    facts.set(key::tls_trust_subjects, trust->subjects());
  }
  if (witness.client_certificate_requested) facts.set(key::tls_client_cert_requested, true);
  facts.merge(alert_facts());
  return facts;
}

void TlsEngine::State::judge(TlsReport& report) const {
  STACK_OF(X509)* sent = witness.sent.get();
  if (!sent || sk_X509_num(sent) == 0) return;
  const auto chain = context->judge().judge(sent, now, SSL_get_security_level(ssl.get()));
  const CertificateVerdicts& verdicts = chain->verdicts;
  Facts& facts = report.facts;
  facts.merge(chain->facts);
  report.chain_ok = verdicts.chain_ok();
  report.dates_ok = verdicts.dates_ok();
  report.name_ok = name_matches(sk_X509_value(sent, 0), name);
  forget_errors();
  facts.set(key::tls_name_ok, report.name_ok);
  facts.set(key::tls_name_checked, printable(name));
  if (!report.failure) report.failure = verdicts.chain_failure();
  if (!report.failure && !report.name_ok) report.failure = Failure::certificate_name_mismatch;
}

TlsReport TlsEngine::State::report(std::optional<Failure> why, std::string words) const {
  TlsReport report;
  report.completed = completed && !why;
  report.failure = why;
  report.raw = std::move(words);
  report.facts = handshake_facts();
  const View other = in_place_of_tls();
  report.instead.assign(other.begin(), other.end());
  judge(report);
  // A verdict is the failure of a completed handshake; of one under way it would be premature.
  if (!report.completed && !why) report.failure.reset();
  if (report.failure && report.raw.empty())
    report.raw = report.facts.get_or(key::tls_verify_text, std::string());
  return report;
}

TlsReport TlsEngine::report() const { return state_->report(state_->failure, state_->raw); }

TlsReport TlsEngine::broken(Failure failure, const std::string& raw) const {
  if (state_->failure) return report();
  return state_->report(failure == Failure::eof ? Failure::tls_eof : failure, printable(raw));
}

void TlsEngine::encrypt(View plain) {
  std::size_t written = 0;
  forget_errors();
  if (!plain.empty()) SSL_write_ex(state_->ssl.get(), plain.data(), plain.size(), &written);
  forget_errors();
}

TlsEngine::Decrypted TlsEngine::decrypt() {
  State& my = *state_;
  Decrypted result;
  std::array<std::uint8_t, 16 * 1024> record;  // the largest there is, RFC 8446 §5.1
  while (result.plain.size() + record.size() <= kBuffer) {
    std::size_t count = 0;
    forget_errors();
    if (SSL_read_ex(my.ssl.get(), record.data(), record.size(), &count) == 1) {
      result.plain.insert(result.plain.end(), record.begin(),
                          record.begin() + static_cast<std::ptrdiff_t>(count));
      continue;
    }
    const int error = SSL_get_error(my.ssl.get(), 0);
    result.closed = error == SSL_ERROR_ZERO_RETURN;
    if (result.closed || error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) break;
    my.note_error(result.failure, result.raw);
    result.facts = my.alert_facts();
    break;
  }
  return result;
}

void TlsEngine::close_notify() {
  SSL_shutdown(state_->ssl.get());
  forget_errors();
}

}  // namespace plumb::wire
