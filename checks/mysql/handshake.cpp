#include "checks/mysql/handshake.hpp"

#include <utility>
#include <variant>

#include "checks/mysql/auth.hpp"
#include "checks/mysql/banner.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/fingerprint.hpp"
#include "checks/mysql/policy.hpp"
#include "probe/model/printable.hpp"

namespace plumb::mysql {
namespace {

using wire::Action;
using wire::Ending;

constexpr std::size_t kDrainLimit = 64 * 1024;
constexpr std::size_t kNameLimit = 64;

Facts greeting_facts(const Greeting& greeting) {
  Facts facts;
  facts.set(key::version, printable(greeting.version));
  facts.set(key::flavor, std::string(flavor_of(greeting)));
  facts.set(key::capabilities,
            static_cast<std::int64_t>(greeting.capabilities |
                                      std::uint64_t{greeting.mariadb_capabilities} << 32));
  facts.set(key::auth_plugin, printable(greeting.plugin, kNameLimit));
  facts.set(key::thread_id, static_cast<std::int64_t>(greeting.thread_id));
  facts.set(key::status, static_cast<std::int64_t>(greeting.status));
  return facts;
}

// A peer that closes has made up its mind; anything else is us leaving in the middle.
bool peer_closed(Failure failure) {
  return failure == Failure::eof || failure == Failure::reset || failure == Failure::tls_eof;
}

}  // namespace

Action Handshake::next(const wire::Event& event, Micros at) {
  now_ = at;
  if (state_ == State::over) return wire::Finish{};
  return std::visit([this](const auto& happened) { return on(happened); }, event);
}

Action Handshake::on(const wire::Started&) { return wire::Receive{}; }

Action Handshake::on(const wire::Sent&) {
  if (state_ == State::tls_asked) {
    state_ = State::tls;
    // What came in plain text behind the greeting must not be taken for something said inside TLS.
    inbox_.clear();
    return wire::StartTls{};
  }
  if (state_ == State::quitting) return close();
  return state_ == State::asking ? read_identity() : read_login();
}

Action Handshake::on(const wire::Received& received) {
  if (state_ == State::draining) {
    drained_ += received.bytes.size();
    if (drained_ > kDrainLimit) return finish(Ending::finished);
    return wire::Receive{};
  }
  inbox_.append(received.bytes);
  if (state_ == State::greeting) return read_greeting();
  if (state_ == State::banner) return read_banner();
  return state_ == State::asking ? read_identity() : read_login();
}

Action Handshake::on(const wire::WriteClosed&) {
  state_ = State::draining;
  return wire::Receive{};
}

Action Handshake::on(const wire::Broken& broken) {
  if (state_ == State::banner ||
      (state_ == State::greeting && judge_cut_opening(inbox_.bytes()) == Opening::foreign)) {
    state_ = State::banner;
    inbox_.append(wire::as_bytes("\n"));  // no more will come: the line ends here
    return read_banner();
  }
  if (answer_ && state_ != State::asking) return finish(Ending::finished);
  Observation step = end_step(phase());
  step.failure = broken.failure;
  step.raw = printable(broken.raw);
  step.facts.merge(broken.facts);
  step.facts.set(key::waited_ms, in_ms(step.took));
  if (answer_) {
    observations_.push_back(std::move(step));
    return finish(Ending::finished);
  }
  const bool in_tls = step.phase == Phase::tls;
  if (in_tls || !peer_closed(broken.failure)) return drop(std::move(step));
  observations_.push_back(std::move(step));
  return finish(Ending::closed_by_peer);
}

Action Handshake::read_greeting() {
  const Opening opening = judge_opening(inbox_.bytes());
  if (opening == Opening::undecided) return wire::Receive{};
  if (opening == Opening::foreign) {
    state_ = State::banner;
    return read_banner();
  }
  const std::optional<Packet> packet = inbox_.take();
  if (!packet) return inbox_.flooded() ? malformed("a greeting above 64 KiB") : wire::Receive{};
  if (kind_of(packet->payload) == Kind::error) return on_refusal(*packet);
  greeting_ = parse_greeting(packet->payload);
  if (!greeting_) return malformed("a greeting that ends before its fields do");
  sequence_ = 1;
  Observation step = end_step(Phase::greeting);
  step.facts = greeting_facts(*greeting_);
  step.facts.set(key::greeting_ms, in_ms(step.took));
  observations_.push_back(std::move(step));
  return after_greeting();
}

Action Handshake::read_banner() {
  const wire::View first = inbox_.bytes();
  if (!banner_complete(first)) return wire::Receive{};
  Observation step = end_step(Phase::greeting);
  const std::string name(name_protocol(first));
  step.failure = Failure::not_mysql;
  step.facts.set(key::banner, banner_text(first));
  step.facts.set(key::other_protocol, name);
  step.raw = name + ": " + banner_text(first);
  observations_.push_back(std::move(step));
  return finish(Ending::no_server);
}

Action Handshake::on_refusal(const Packet& packet) {
  const std::optional<ServerError> error = parse_error(packet.payload);
  if (!error) return malformed("an error packet without a number");
  Observation step = end_step(Phase::greeting);
  step.failure = Failure::mysql_error;
  step.facts.set(key::greeting_ms, in_ms(step.took));
  record(*error, step.facts, step.raw);
  observations_.push_back(std::move(step));
  return finish(Ending::closed_by_peer);
}

Action Handshake::after_greeting() {
  const bool offered = greeting_->offers(capability::kSsl);
  if (wants_tls() && offered) return ask_for_tls();
  if (conversation_.tls >= TlsMode::required && !offered) {
    Observation step = end_step(Phase::tls);
    step.failure = Failure::tls_not_offered;
    step.raw = "the greeting does not offer TLS";
    observations_.push_back(std::move(step));
  }
  return begin_login(nullptr);
}

bool Handshake::wants_tls() const {
  return conversation_.tls != TlsMode::off && !conversation_.without_tls;
}

Action Handshake::ask_for_tls() {
  state_ = State::tls_asked;
  return wire::Send{
      ssl_request(sequence_++, session_capabilities(conversation_, *greeting_, true))};
}

Action Handshake::on(const wire::TlsEnded& ended) {
  Observation step = end_step(Phase::tls);
  step.failure = ended.report.failure;
  step.raw = printable(ended.report.raw);
  step.facts = ended.report.facts;
  if (!ended.report.completed) {
    if (!step.failure) step.failure = Failure::tls_protocol;
    // A server may say in its own protocol why there will be no TLS.
    if (const auto error = error_in(ended.report.instead)) {
      std::string words;  // OpenSSL's stay: they show the same bytes
      record(*error, step.facts, words);
    }
    return drop(std::move(step));
  }
  observations_.push_back(std::move(step));
  return begin_login(&ended.report);
}

Action Handshake::begin_login(const wire::TlsReport* tls) {
  state_ = State::login;
  const bool met = !conversation_.without_tls && meets_policy(conversation_.tls, tls);
  const bool account = met && can_prove(conversation_.login, *greeting_);
  Login who = account ? conversation_.login : anonymous_of(conversation_);
  login_.emplace(std::move(who), *greeting_,
                 session_capabilities(conversation_, *greeting_, tls != nullptr), tls != nullptr);
  return wire::Send{login_->open(sequence_)};
}

Action Handshake::read_login() {
  while (const std::optional<Packet> packet = inbox_.take()) {
    LoginDialogue::Turn turn = login_->on_packet(*packet);
    if (turn.step == LoginDialogue::Step::answer) return wire::Send{std::move(turn.bytes)};
    if (turn.step == LoginDialogue::Step::over) return end_login();
    if (turn.step == LoginDialogue::Step::malformed) return malformed("no packet of a login");
  }
  if (inbox_.flooded()) return malformed("more than a login can take");
  return wire::Receive{};
}

Action Handshake::end_login() {
  Observation step = end_step(Phase::login);
  step.facts.set(key::login_ms, in_ms(step.took));
  step.failure = login_->failure();
  step.raw = login_->raw();
  answer_ = wire::LoginAnswer{login_->verdict(), login_->as_account(), step.took};
  observations_.push_back(std::move(step));
  if (!login_->accepted()) return close();
  if (!conversation_.identify || !login_->as_account()) return quit();
  state_ = State::asking;
  return wire::Send{question_.ask()};
}

Action Handshake::read_identity() {
  while (const std::optional<Packet> packet = inbox_.take())
    if (question_.on_packet(packet->payload) != TextResult::Step::listen) return end_asking();
  if (!inbox_.flooded()) return wire::Receive{};
  Observation step = end_step(Phase::session);
  step.failure = Failure::malformed_packet;
  step.raw = "more than an answer can take";
  observations_.push_back(std::move(step));
  return quit();
}

Action Handshake::end_asking() {
  Observation step = end_step(Phase::session);
  step.facts = question_.facts();
  step.failure = question_.failure();
  step.raw = question_.raw();
  observations_.push_back(std::move(step));
  return quit();
}

Action Handshake::quit() {
  state_ = State::quitting;
  return wire::Send{com_quit()};
}

Action Handshake::close() {
  state_ = State::closing;
  return wire::CloseWrite{};
}

Phase Handshake::phase() const {
  if (state_ == State::greeting || state_ == State::banner) return Phase::greeting;
  if (state_ == State::asking) return Phase::session;
  return state_ == State::tls_asked || state_ == State::tls ? Phase::tls : Phase::login;
}

Observation Handshake::end_step(Phase phase) {
  Observation step;
  step.phase = phase;
  step.took = now_ - step_began_;
  if (phase == Phase::login) step.facts = login_->take_facts();
  step_began_ = now_;
  return step;
}

Action Handshake::malformed(std::string raw) {
  Observation step = end_step(phase());
  step.failure = Failure::malformed_packet;
  step.raw = std::move(raw);
  return drop(std::move(step));
}

Action Handshake::drop(Observation observation) {
  observation.facts.set(key::dropped_before_login, true);
  observations_.push_back(std::move(observation));
  return finish(Ending::dropped);
}

Action Handshake::finish(Ending ending) {
  state_ = State::over;
  ending_ = ending;
  return wire::Finish{};
}

}  // namespace plumb::mysql
