#include "probe/net/dns_asking.hpp"

#include <algorithm>
#include <numeric>

#include "probe/net/classify.hpp"

namespace plumb::net {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;

constexpr int kFormErr = 1;

}  // namespace

std::shared_ptr<DnsSocket> DnsLines::socket(const Endpoint& resolver) {
  auto& shared = sockets[resolver];
  if (!shared || !shared->usable())
    shared = std::make_shared<DnsSocket>(executor, resolver, source, batch);
  return shared;
}

std::shared_ptr<DnsChannel> DnsLines::channel(const Endpoint& resolver) {
  auto& shared = channels[resolver];
  if (!shared) shared = std::make_shared<DnsChannel>(executor, resolver, source);
  return shared;
}

DnsAsking::DnsAsking(DnsLines& lines, Owner& owner, DnsQuestion question, const Tries& tries,
                     Time deadline, Time now)
    : lines_(lines),
      owner_(owner),
      question_(std::move(question)),
      tries_(tries),
      deadline_(deadline),
      began_(now) {}

DnsAsking::~DnsAsking() {
  lines_.wakes->remove(*this);
  give_back();
}

void DnsAsking::start() {
  reply_.over_tcp = question_.over_tcp;
  next_try(began_);
}

bool DnsAsking::stands_for(const DnsQuestion& other, const Tries& tries, Time deadline) const {
  return question_.type == other.type && question_.resolver == other.resolver &&
         question_.over_tcp == other.over_tcp && question_.name == other.name && tries_ == tries &&
         deadline_ <= deadline;
}

void DnsAsking::cancel() {
  reply_.message.reset();
  finish(Failure::cancelled);
}

// Over TCP the kernel repeats what is lost: one question, and the whole time for it.
bool DnsAsking::no_try_left() const {
  return next_try_ == (question_.over_tcp ? 1 : tries_.size());
}

Micros DnsAsking::next_wait() {
  if (on_tcp_leg_) return *std::max_element(tries_.begin(), tries_.end());
  const std::size_t mine = next_try_++;
  if (!question_.over_tcp) return tries_[mine];
  return std::accumulate(tries_.begin(), tries_.end(), Micros(0));
}

void DnsAsking::next_try(Time now) {
  if (no_try_left() || now >= deadline_) return fall_silent();
  take_turn(now);
}

void DnsAsking::take_turn(Time now) {
  const auto turn = lines_.turns.turn(question_.resolver, now);
  if (turn <= now) return send(now);
  queued_ = now;
  lines_.wakes->wake(*this, turn);
}

void DnsAsking::send(Time now) {
  const bool sent = on_tcp_leg_ || question_.over_tcp ? send_over_tcp() : send_over_udp();
  if (!sent) {
    reply_.raw = "not a valid host name: not asked";
    return finish_later(Failure::nxdomain);
  }
  ++reply_.tries;
  lines_.wakes->wake(*this, std::min<Time>(now + next_wait(), deadline_));
}

bool DnsAsking::send_over_udp() {
  auto socket = lines_.socket(question_.resolver);
  const auto id = socket->send(*this, question_, edns_, lines_.ids);
  if (id) sent_.emplace_back(std::move(socket), *id);
  return id.has_value();
}

bool DnsAsking::send_over_tcp() {
  const auto query = wire::dns_query(question_.name, question_.type, lines_.ids.next(), edns_);
  if (!query) return false;
  channel_ = lines_.channel(question_.resolver);
  ticket_ = channel_->send(*query, [this](const DnsChannel::Event& event) { on_event(event); });
  return true;
}

void DnsAsking::on_wake(Time now) {
  if (later_) return finish(*later_);
  if (queued_) {
    const auto waited = now - *std::exchange(queued_, std::nullopt);
    reply_.waited += duration_cast<Micros>(waited);
    deadline_ += waited;
    return send(now);
  }
  if (reply_.message) return finish();  // TCP did not answer: the UDP message stands
  next_try(Clock::now());
}

void DnsAsking::fall_silent() {
  using std::chrono::milliseconds;
  reply_.raw = "no answer to " + std::to_string(reply_.tries) + " questions in " +
               std::to_string(duration_cast<milliseconds>(elapsed(Clock::now())).count()) + " ms" +
               (question_.over_tcp ? " over TCP" : "");
  if (stray_) reply_.raw = "only messages that do not fit the question; " + reply_.raw;
  finish_later(stray_ ? Failure::malformed_answer : Failure::timed_out);
}

bool DnsAsking::asks_for(const wire::DnsMessage& message) const {
  return message.question_type == static_cast<std::uint16_t>(question_.type) &&
         message.question_name == question_.name;
}

void DnsAsking::on_error(int error) {
  reply_.raw = errno_name(error);
  finish(classify_errno(error));
}

void DnsAsking::on_answer(wire::DnsMessage&& message, wire::View bytes) {
  if (message.rcode == kFormErr && std::exchange(edns_, false)) {
    --next_try_;  // the same one once more
    return take_turn(Clock::now());
  }
  reply_.truncated = message.truncated;
  reply_.message = std::move(message);
  if (reply_.truncated && !question_.over_tcp && Clock::now() < deadline_) return ask_over_tcp();
  finish(bytes);
}

void DnsAsking::ask_over_tcp() {
  give_back();
  on_tcp_leg_ = true;
  take_turn(Clock::now());
}

void DnsAsking::on_event(const DnsChannel::Event& event) {
  if (event.error != 0 && !on_tcp_leg_) return on_error(event.error);
  if (event.error != 0) return finish();
  auto message = wire::parse_dns_message(event.bytes);
  if (!on_tcp_leg_) {
    if (message && fits(*message)) return on_answer(*std::move(message), event.bytes);
    reply_.raw = "a message over TCP that does not fit the question";
    return finish(Failure::malformed_answer);
  }
  reply_.over_tcp = message && message->question_name == reply_.message->question_name;
  if (!reply_.over_tcp) return finish();
  reply_.message = std::move(message);
  finish(event.bytes);
}

bool DnsAsking::fits(const wire::DnsMessage& message) const {
  const bool bare_error = message.question_type == 0 && message.rcode != 0;
  return bare_error || message.question_type == static_cast<std::uint16_t>(question_.type);
}

void DnsAsking::give_back() {
  for (const auto& [socket, id] : sent_) socket->forget(id);
  sent_.clear();
  if (const auto channel = std::exchange(channel_, nullptr)) channel->forget(ticket_);
}

Micros DnsAsking::waited() const {
  if (!queued_) return reply_.waited;
  return reply_.waited + duration_cast<Micros>(Clock::now() - *queued_);
}

Micros DnsAsking::elapsed(Time now) const { return duration_cast<Micros>(now - began_) - waited(); }

void DnsAsking::finish_later(Failure failure) {
  later_ = failure;
  lines_.wakes->wake(*this, Time());
}

void DnsAsking::finish(Failure failure) {
  reply_.failure = failure;
  finish();
}

void DnsAsking::finish(wire::View bytes) {
  lines_.wakes->remove(*this);
  ended_ = Clock::now();
  reply_.took = elapsed(ended_);
  reply_.waited = waited();
  give_back();
  owner_.on_end(*this, std::move(reply_), bytes);
}

}  // namespace plumb::net
