// The seam: everything the engine can ask of the world. AsioNetwork is the real one,
// ScriptedNetwork (probe/net/scripted_network.hpp) answers from data in tests and in `plumb
// selftest`. Nothing above this header sees a socket.
//
// Every call ends by its deadline and reports failure as data; none throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/model/observation.hpp"
#include "probe/model/secret.hpp"
#include "probe/net/asio.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/dns_question.hpp"
#include "probe/net/places.hpp"
#include "probe/wire/exchange.hpp"
#include "probe/wire/name_files.hpp"
#include "probe/wire/session_talk.hpp"
#include "probe/wire/tls_settings.hpp"

namespace plumb::net {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

// getaddrinfo, in a thread of its own, given up at the deadline.
struct SystemReply {
  std::vector<Address> addresses;  // in its order, each once
  std::string error;               // "EAI_NONAME"; empty: none
  bool gave_up = false;
  Micros took{0};
};

// The name configuration as the machine's files have it.
struct NameConfig {
  wire::ResolvConf resolv;
  wire::Hosts hosts;
  wire::Nsswitch nsswitch;
  bool resolv_readable = true;
  std::vector<Address> stub_upstreams;  // of systemd-resolved, if resolv.conf points at its stub
};

// What the kernel has counted since this network namespace began, over all processes in it.
struct SynCounters {
  std::int64_t resent = 0;  // SYNs sent again (TcpExt TCPSynRetrans)
  std::int64_t unsent = 0;  // retransmissions that could not leave (TcpExt TCPRetransFail)
};

// What this host has to send from.
struct Locality {
  bool known = true;               // false: this host could not be asked, as without a descriptor
  std::vector<Address> addresses;  // of interfaces that are up, loopback excluded
  bool default_route_v4 = false, default_route_v6 = false;
  bool any_route = false;
  std::optional<SynCounters> syns;  // absent: this kernel does not tell
};

class Connection {  // an established TCP connection; closes on destruction
 public:
  virtual ~Connection() = default;
};

// `connection` is null when `observation.failure` is set. The observation has phase connect,
// endpoint, took and the tcp.* facts.
struct Connected {
  std::unique_ptr<Connection> connection;
  Observation observation;
  Micros waited{0};  // for a slot (--per-address) before the first packet: not the target's time
};

// How to connect, beyond where to.
struct ConnectOptions {
  std::optional<Address> from;
  std::uint16_t from_port = 0;         // 0: the kernel's choice
  int max_segment = 0;                 // bytes, TCP_MAXSEG before the SYN; 0: what the path gives
  Cutoff* cutoff = nullptr;            // may bring the deadline forward
  Deadline slot_by = Deadline::max();  // no SYN leaves where no slot came by then
};

// SYNs with a growing TTL. `observation` has phase path and the path.* facts. Where the target
// itself accepted, `connection` is that connection, and it is owed its conversation.
struct Traced {
  std::unique_ptr<Connection> connection;
  Observation observation;
  Micros connect_took{0};  // of the SYN that was accepted
};

// A session through the client library, which resolves the name, connects and verifies for itself:
// chain and name in any case, for only then does it insist on TLS (probe/net/session_client.hpp).
struct SessionOrder {
  std::string host;
  std::uint16_t port = 0;
  Login account;
  wire::TlsSettings tls;
};

// Phase session, with the facts of the talk. Failure session_error where the library could not begin
// or go on; cancelled at an interrupt.
struct SessionEnd {
  Observation observation;
  bool cut = false;  // by the deadline or an interrupt, perhaps in the middle of its login
};

class Network {
 public:
  virtual ~Network() = default;
  virtual Executor executor() = 0;

  // As it stands now, or stood less than a second ago.
  virtual std::shared_ptr<const NameConfig> name_config() = 0;
  virtual Locality locality() = 0;  // alike
  // All questions at once; their replies in the same order. `tries`: the waits of design.md §2.2 in
  // order; the deadline cuts them, and is moved by the time waited for a resolver's rate.
  virtual awaitable<std::vector<DnsReply>> ask(std::vector<DnsQuestion> questions, Tries tries,
                                               Deadline deadline) = 0;
  virtual awaitable<SystemReply> ask_system(std::string name, Deadline deadline) = 0;
  // `deadline` is moved by the time waited for a slot. Where none came in time the failure is
  // `cancelled`: nothing was sent. A trace waits within its deadline.
  virtual awaitable<Connected> connect(Endpoint to, ConnectOptions options, Deadline deadline) = 0;
  virtual awaitable<Traced> trace(Endpoint to, std::optional<Address> from, Deadline deadline) = 0;
  // Whether the whole pause went by; false: an interrupt, or the deadline comes first.
  virtual awaitable<bool> pause(Micros length, Deadline deadline) = 0;
  // What only so many may do at once; the place is empty if there was none before the limit.
  // `tls`: a target that speaks TLS, for all of its conversations: a handshake takes twenty times the
  // time and the memory of a greeting. `second_tls`: a follow-up with a handshake beside one of its
  // target's that hangs, or of a target without TLS; few, for a server that answers gives them back
  // at once. `followups`: a target whose follow-ups begin at this moment.
  enum class Room : std::uint8_t { tls, second_tls, followups };
  virtual awaitable<Places::Place> room(Room of, Deadline limit) = 0;
  // What the cloud's instance metadata service says of this host: phase local, the cloud.* and
  // local.* facts it gave and local.metadata. Asked over the real network only.
  virtual awaitable<Observation> metadata(Deadline deadline) = 0;
  // Drives the exchange to its Finish, or breaks it at the deadline.
  virtual awaitable<void> converse(Connection& connection, wire::Exchange& exchange,
                                   const wire::TlsSettings& tls, Deadline deadline) = 0;
  // Drives the talk to its end.
  virtual awaitable<SessionEnd> session(SessionOrder order, std::unique_ptr<wire::SessionTalk> talk,
                                        Deadline deadline) = 0;
};

}  // namespace plumb::net
