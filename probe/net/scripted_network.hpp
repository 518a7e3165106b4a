// A world made of data, behind the same seam as the real one: what each resolver answers, what each
// endpoint does with a SYN, and how whoever listens there talks. Scenarios, tests and `plumb
// selftest` run the whole engine over it without a packet.
//
// Time is told, not spent: a scripted silence breaks the exchange at once and reports the wait that
// would have been (up to the deadline), a scripted delay only moves the clock that the exchange is
// shown. So a story of ten silent seconds takes microseconds. What the world does not mention is
// silent, like a dropped packet; a name that a resolver does not know is NXDOMAIN.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "probe/model/address.hpp"
#include "probe/net/network.hpp"
#include "probe/wire/bytes.hpp"
#include "probe/wire/dns_message.hpp"

namespace plumb::net {

// What the other side does when we wait for it: bytes, or an end. `timed_out` is silence until the
// deadline.
struct Line {
  wire::Bytes bytes;
  std::optional<Failure> failure;
  Micros after{1000};
};

// Whoever listens at a scripted endpoint; one object per connection.
class ScriptedPeer {
 public:
  virtual ~ScriptedPeer() = default;
  virtual void hear(wire::View bytes) = 0;
  virtual Line speak() = 0;
  virtual wire::TlsReport shake_hands(const wire::TlsSettings& client) = 0;
};

// A peer that reads its lines from a list, whatever it hears; past the end it closes.
class RecitingPeer : public ScriptedPeer {
 public:
  explicit RecitingPeer(std::vector<Line> lines, wire::TlsReport tls = {})
      : lines_(std::move(lines)), tls_(std::move(tls)) {}
  void hear(wire::View) override {}
  Line speak() override;
  wire::TlsReport shake_hands(const wire::TlsSettings&) override { return tls_; }

 private:
  std::vector<Line> lines_;
  std::size_t at_ = 0;
  wire::TlsReport tls_;
};

struct ScriptedAnswer {
  std::optional<Failure> failure;  // no answer at all: timed_out, refused …
  wire::DnsMessage message;        // question, id and the response bit are filled in
  bool truncated = false;          // the UDP answer was; `message` is the one over TCP
  Micros took{2000};
  Micros waited{0};  // for the resolver's rate
};

struct ScriptedEndpoint {
  std::optional<Failure> failure;  // of the connect; absent: accepted
  Facts facts;                     // tcp.icmp_* and what else the story tells
  Micros took{1000};
  std::function<std::unique_ptr<ScriptedPeer>()> peer;  // absent: accepts and stays silent

  // What makes the way depend on how it is gone. Where it does not hold, the SYN is not answered.
  std::uint16_t from_port_low = 0, from_port_high = 0;  // only these source ports; 0: any
  std::optional<Address> only_from;
  // Larger segments vanish without a word: whoever has not asked for smaller ones sees silence
  // after the first step whose bytes do not fit. 0: all fit.
  int largest_segment = 0;
  // Every n-th connect is not answered, beginning with the first; 0: all are alike.
  int silent_every = 0;
  // This host's own output drops what is sent there: silence, and the kernel knows (where
  // ScriptedWorld::locality has counters).
  bool held_back = false;
};

struct ScriptedWorld {
  std::string resolv_conf = "nameserver 10.0.0.2\n";
  std::string hosts = "127.0.0.1 localhost\n";
  std::string nsswitch = "hosts: files dns\n";
  bool resolv_readable = true;
  std::vector<Address> stub_upstreams;
  Locality locality;

  struct Question {
    Endpoint resolver;
    std::string name;
    wire::DnsType type = wire::DnsType::a;
    auto operator<=>(const Question&) const = default;
  };
  std::map<Question, ScriptedAnswer> answers;
  std::optional<SystemReply>
      system;  // of getaddrinfo; absent: what hosts and the first resolver say
  std::map<Endpoint, ScriptedEndpoint> endpoints;
  std::vector<std::string>
      hops;                     // routers that answer to a trace, in order; "*": one that does not
  Facts metadata;               // what the metadata service gives; empty: it is silent
  std::set<Endpoint> only_tcp;  // resolvers that do not answer over UDP
  // What the server answers to a statement of a session. Absent: no session begins.
  std::function<wire::SessionResult(const std::string& statement)> session;
};

class ScriptedNetwork : public Network {
 public:
  ScriptedNetwork(Executor executor, ScriptedWorld world)
      : executor_(std::move(executor)), world_(std::move(world)) {}

  Executor executor() override { return executor_; }
  std::shared_ptr<const NameConfig> name_config() override;
  Locality locality() override { return world_.locality; }  // its counters go on from the world's
  awaitable<std::vector<DnsReply>> ask(std::vector<DnsQuestion> questions, Tries tries,
                                       Deadline deadline) override;
  awaitable<SystemReply> ask_system(std::string name, Deadline deadline) override;
  awaitable<Connected> connect(Endpoint to, ConnectOptions options, Deadline deadline) override;
  awaitable<Traced> trace(Endpoint to, std::optional<Address> from, Deadline deadline) override;
  awaitable<bool> pause(Micros length, Deadline deadline) override;
  awaitable<Places::Place> room(Room, Deadline) override { return places_.take(executor()); }
  awaitable<Observation> metadata(Deadline deadline) override;
  awaitable<void> converse(Connection& connection, wire::Exchange& exchange,
                           const wire::TlsSettings& tls, Deadline deadline) override;
  awaitable<SessionEnd> session(SessionOrder order, std::unique_ptr<wire::SessionTalk> talk,
                                Deadline deadline) override;

 private:
  DnsReply reply_to(const DnsQuestion& question, const Tries& tries, Deadline deadline) const;
  const ScriptedAnswer* answer_to(const DnsQuestion& question) const;
  bool knows_name(const Endpoint& resolver, const std::string& name) const;
  bool knows_resolver(const Endpoint& resolver) const;
  ScriptedEndpoint met_by(const Endpoint& to, const ConnectOptions& options);
  void count_silence(const ScriptedEndpoint& scripted, Facts& facts);

  Executor executor_;
  ScriptedWorld world_;
  std::map<Endpoint, int> connects_;
  Places places_{1 << 20};
};

}  // namespace plumb::net
