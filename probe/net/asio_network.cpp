#include "probe/net/asio_network.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "probe/model/keys.hpp"
#include "probe/net/event.hpp"
#include "probe/net/locality.hpp"
#include "probe/net/name_service.hpp"
#include "probe/net/path_trace.hpp"
#include "probe/net/stream.hpp"
#include "probe/net/tcp_connect.hpp"

namespace plumb::net {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t kReadBuffer = 16 * 1024;
constexpr int kSecondTls = 64, kFollowups = 32;
// What an interrupt leaves to a conversation that can be finished, and to everything else.
constexpr milliseconds kFinishGrace{700};
constexpr milliseconds kNoGrace{0};

struct TcpConnection : Connection {
  TcpConnection(TcpSocket open, AddressSlots::Slot at, Places::Place of)
      : slot(std::move(at)), place(std::move(of)), socket(std::move(open)) {}
  AddressSlots::Slot slot;  // before the socket, as the next: given back after it is closed
  Places::Place place;
  TcpSocket socket;
};

// A connect under way. Thousands of them may wait at once, so its observation is made at its end.
struct Attempt {
  Attempt(Poller& poller, const Endpoint& target, const ConnectOptions& how)
      : to(target), options(how), socket(poller) {}
  Connected never_begun() const;
  Connected ended(const ConnectEnd& end, Micros took);

  const Endpoint& to;
  const ConnectOptions& options;
  Micros waited{0};
  AddressSlots::Slot slot;  // before the socket, as the next: given back after it is closed
  Places::Place place;
  TcpSocket socket;
};

Connected Attempt::never_begun() const {
  Connected result{nullptr, begun(Phase::connect, to)};
  result.observation.failure = Failure::cancelled;
  return result;
}

Connected Attempt::ended(const ConnectEnd& end, Micros took) {
  Connected result{nullptr, begun(Phase::connect, to), waited};
  Observation& seen = result.observation;
  if (waited > milliseconds(1)) seen.facts.set(key::admission_waited_ms, in_ms(waited));
  seen.took = took;
  describe_options(socket, options, seen.facts);
  describe_connect(socket, end, seen);
  if (end.error == 0) {
    seen.facts.set(key::tcp_connect_ms, in_ms(took));
    result.connection =
        std::make_unique<TcpConnection>(std::move(socket), std::move(slot), std::move(place));
  } else if (end.error == ETIMEDOUT) {
    seen.facts.set(key::tcp_waited_ms, in_ms(took));
  }
  return result;
}

}  // namespace

AsioNetwork::AsioNetwork(asio::io_context& io, std::optional<Address> source, Guards& guards,
                         std::optional<MetadataPlaces> metadata)
    : io_(io),
      resolver_(io.get_executor(), source, guards.resolver_rate),
      guards_(guards),
      descriptors_(guards.descriptors),
      tls_(guards.with_tls),
      second_tls_(kSecondTls),
      followups_(kFollowups),
      metadata_places_(metadata),
      buffer_(kReadBuffer),
      poller_(io.get_executor()) {}

AsioNetwork::~AsioNetwork() = default;

void AsioNetwork::stop() {
  watchlist_.stop();
  resolver_.stop();
  guards_.slots.stop();
}

std::shared_ptr<const NameConfig> AsioNetwork::name_config() {
  const auto now = Clock::now();
  if (names_ && now - names_read_ < std::chrono::seconds(1)) return names_;
  names_read_ = now;
  names_ = std::make_shared<NameConfig>(read_name_config());
  return names_;
}

Locality AsioNetwork::locality() { return locality_.at(Clock::now()); }

// The resolver keeps the deadlines and ends the questions at an interrupt itself. What it is given
// refers to this coroutine, which goes only with the loop that would call it.
awaitable<std::vector<DnsReply>> AsioNetwork::ask(std::vector<DnsQuestion> questions, Tries tries,
                                                  Deadline deadline) {
  struct Asked {
    explicit Asked(Executor executor) : answered(std::move(executor)) {}
    Event answered;
    std::size_t left = 0;
    std::vector<DnsReply> replies;
  };
  Asked asked(executor());
  asked.replies.resize(questions.size());
  if (watchlist_.stopping()) {
    for (DnsReply& reply : asked.replies) reply.failure = Failure::cancelled;
    co_return std::move(asked.replies);
  }
  asked.left = questions.size();
  for (std::uint32_t i = 0; i < questions.size(); ++i)
    resolver_.ask(std::move(questions[i]), tries, deadline, [&asked, i](DnsReply&& reply) {
      asked.replies[i] = std::move(reply);
      if (--asked.left == 0) asked.answered.set();
    });
  if (asked.left > 0) co_await asked.answered.wait();
  co_return std::move(asked.replies);
}

awaitable<SystemReply> AsioNetwork::ask_system(std::string name, Deadline deadline) {
  struct Shared {
    explicit Shared(Executor executor) : answered(std::move(executor)) {}
    Event answered;
    SystemReply reply;
  };
  const auto shared = std::make_shared<Shared>(executor());
  shared->reply.gave_up = true;
  if (watchlist_.stopping()) co_return std::move(shared->reply);
  Watch watch(executor(), watchlist_, deadline, kNoGrace, [shared] { shared->answered.set(); });
  net::ask_system(std::move(name), deadline, executor(), [shared](SystemReply reply) {
    shared->reply = std::move(reply);
    shared->answered.set();
  });
  co_await shared->answered.wait();
  co_return std::move(shared->reply);
}

// Plain functions: what a call needs besides is on the stack, and not in the frame of a coroutine
// that waits.
awaitable<AddressSlots::Slot> AsioNetwork::slot_at(const Address& address, Deadline limit) {
  return guards_.slots.take(executor(), address, limit);
}

awaitable<Places::Place> AsioNetwork::descriptor(Deadline limit) {
  return descriptors_.take(executor(), limit);
}

awaitable<Connected> AsioNetwork::connect(Endpoint to, ConnectOptions options, Deadline deadline) {
  Attempt attempt(poller_, to, options);
  const auto queued = Clock::now();
  attempt.slot = co_await slot_at(to.address, options.slot_by);
  if (attempt.slot.taken()) attempt.place = co_await descriptor(options.slot_by);
  if (!attempt.place.taken()) co_return attempt.never_begun();
  const auto began = Clock::now();
  attempt.waited = duration_cast<Micros>(began - queued);
  deadline += attempt.waited;

  // After an interrupt nothing begins: there would be no time to finish it.
  ConnectEnd end{ECANCELED};
  Watch watch(executor(), watchlist_, deadline, kNoGrace, [&attempt] { attempt.socket.cancel(); });
  const Cutoff::Joined joined(options.cutoff, watch);
  if (!watchlist_.stopping()) end = co_await connect_socket(attempt.socket, to, options, watch);
  co_return attempt.ended(end, duration_cast<Micros>(Clock::now() - began));
}

awaitable<Traced> AsioNetwork::trace(Endpoint to, std::optional<Address> from, Deadline deadline) {
  AddressSlots::Slot slot = co_await guards_.slots.take(executor(), to.address, deadline);
  Places::Place place;
  if (slot.taken()) place = co_await descriptors_.take(executor(), deadline);
  Traced result;
  if (!place.taken()) {
    result.observation.phase = Phase::path;
    result.observation.endpoint = to.to_string();
    result.observation.failure = Failure::cancelled;
    co_return result;
  }
  TracedPath path = co_await trace_path(executor(), poller_, watchlist_, to, from, deadline);
  result.observation = std::move(path.observation);
  result.connect_took = path.connect_took;
  if (path.accepted)
    result.connection = std::make_unique<TcpConnection>(std::move(*path.accepted), std::move(slot),
                                                        std::move(place));
  co_return result;
}

awaitable<bool> AsioNetwork::pause(Micros length, Deadline deadline) {
  const auto end = Clock::now() + length;
  if (watchlist_.stopping() || end >= deadline) co_return false;
  Event interrupted(executor());
  Watch watch(executor(), watchlist_, deadline, kNoGrace, [&interrupted] { interrupted.set(); });
  co_return !co_await interrupted.wait(end);
}

awaitable<Places::Place> AsioNetwork::room(Room of, Deadline limit) {
  Places& places = of == Room::tls ? tls_ : of == Room::second_tls ? second_tls_ : followups_;
  return places.take(executor(), limit);
}

awaitable<Observation> AsioNetwork::metadata(Deadline deadline) {
  return ask_metadata(executor(), watchlist_, metadata_places_, deadline);
}

// One TLS context for each configuration; the server name is per connection and no part of it.
wire::MadeTlsContext AsioNetwork::tls_context(const wire::TlsSettings& tls) {
  TlsKey key{tls.trust.get(), tls.client_certificate_file, tls.client_key_file};
  const auto known = tls_contexts_.find(key);
  if (known != tls_contexts_.end()) return known->second;
  return tls_contexts_.emplace(std::move(key), wire::TlsContext::make(tls)).first->second;
}

awaitable<void> AsioNetwork::converse(Connection& connection, wire::Exchange& exchange,
                                      const wire::TlsSettings& tls, Deadline deadline) {
  auto& socket = static_cast<TcpConnection&>(connection).socket;
  Watch watch(executor(), watchlist_, deadline, kFinishGrace, [&socket] { socket.cancel(); });
  Stream stream(socket, watch, buffer_, tls.server_name, [this, &tls] { return tls_context(tls); });
  co_await stream.drive(exchange);
}

awaitable<SessionEnd> AsioNetwork::session(SessionOrder order,
                                           std::unique_ptr<wire::SessionTalk> talk,
                                           Deadline deadline) {
  struct Shared {
    explicit Shared(Executor executor) : ended(std::move(executor)) {}
    Event ended;
    bool in_time = false;
    SessionEnd end;
  };
  const auto shared = std::make_shared<Shared>(executor());
  Observation& seen = shared->end.observation;
  seen.phase = Phase::session;
  seen.failure = watchlist_.stopping() ? Failure::cancelled : Failure::session_error;
  seen.raw = "it did not end within the time";
  if (watchlist_.stopping()) co_return std::move(shared->end);
  const auto began = Clock::now();
  Watch watch(executor(), watchlist_, deadline, kNoGrace, [shared] { shared->ended.set(); });
  const SessionPool::Ticket ticket = sessions_.begin(std::move(order), std::move(talk), deadline,
                                                     executor(), [shared](SessionEnd end) {
                                                       shared->in_time = true;
                                                       shared->end = std::move(end);
                                                       shared->ended.set();
                                                     });
  co_await shared->ended.wait();
  if (!shared->in_time) shared->end.cut = ticket.begun();
  shared->end.observation.took = duration_cast<Micros>(Clock::now() - began);
  co_return std::move(shared->end);
}

}  // namespace plumb::net
