// The real Network: sockets on one io_context, one thread. Not thread-safe but for its guards; one
// per shard.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "probe/net/address_slots.hpp"
#include "probe/net/deadline.hpp"
#include "probe/net/locality.hpp"
#include "probe/net/metadata.hpp"
#include "probe/net/network.hpp"
#include "probe/net/poller.hpp"
#include "probe/net/resolver.hpp"
#include "probe/net/session_pool.hpp"
#include "probe/wire/tls_engine.hpp"

namespace plumb::net {

// What all networks of a process share, and what each may take for itself.
struct Guards {
  explicit Guards(int per_address = 4, double per_address_rate = 0)
      : slots(per_address, per_address_rate) {}
  AddressSlots slots;
  // Of one network:
  int descriptors = 1 << 16;   // connections in flight
  double resolver_rate = 500;  // questions a second to one resolver
  int with_tls = 256;          // targets within TLS
};

class AsioNetwork : public Network {
 public:
  // `guards`: who is admitted where, of all networks of a process. Without `metadata` the cloud's
  // metadata service is never asked.
  AsioNetwork(asio::io_context& io, std::optional<Address> source, Guards& guards,
              std::optional<MetadataPlaces> metadata = std::nullopt);
  ~AsioNetwork() override;

  // An interrupt: connects end at once, conversations get most of a second to be finished in order.
  void stop();
  // Another run begins: what the resolvers said before may not be true any more.
  void forget_answers() { resolver_.forget(); }

  Executor executor() override { return io_.get_executor(); }
  std::shared_ptr<const NameConfig> name_config() override;
  Locality locality() override;
  awaitable<std::vector<DnsReply>> ask(std::vector<DnsQuestion> questions, Tries tries,
                                       Deadline deadline) override;
  awaitable<SystemReply> ask_system(std::string name, Deadline deadline) override;
  awaitable<Connected> connect(Endpoint to, ConnectOptions options, Deadline deadline) override;
  awaitable<Traced> trace(Endpoint to, std::optional<Address> from, Deadline deadline) override;
  awaitable<bool> pause(Micros length, Deadline deadline) override;
  awaitable<Places::Place> room(Room of, Deadline limit) override;
  awaitable<Observation> metadata(Deadline deadline) override;
  awaitable<void> converse(Connection& connection, wire::Exchange& exchange,
                           const wire::TlsSettings& tls, Deadline deadline) override;
  awaitable<SessionEnd> session(SessionOrder order, std::unique_ptr<wire::SessionTalk> talk,
                                Deadline deadline) override;

 private:
  using TlsKey = std::tuple<const wire::Trust*, std::string, std::string>;
  awaitable<AddressSlots::Slot> slot_at(const Address& address, Deadline limit);
  awaitable<Places::Place> descriptor(Deadline limit);
  wire::MadeTlsContext tls_context(const wire::TlsSettings& tls);

  asio::io_context& io_;
  Resolver resolver_;
  std::shared_ptr<const NameConfig> names_;  // read when names_read_
  Clock::time_point names_read_;
  RecentLocality locality_;
  Guards& guards_;
  Places descriptors_, tls_, second_tls_, followups_;
  Watchlist watchlist_;
  std::optional<MetadataPlaces> metadata_places_;
  std::map<TlsKey, wire::MadeTlsContext> tls_contexts_;
  SessionPool sessions_;
  // One read buffer for all: nothing is kept in it across a suspension.
  std::vector<std::uint8_t> buffer_;
  Poller poller_;
};

}  // namespace plumb::net
