// One UDP socket connected to one resolver, shared by many questions: it carries them and tells
// what came back.
//
// The kernel chooses the port at random; each try has an unpredictable id that no other try of this
// socket ever had, and a socket serves so many tries and no more, so neither port nor table of ids
// lives forever. Only the resolver's own datagrams arrive, for the socket is connected. A datagram
// is an answer where its id and its question are those of a try under way. Anything else is a
// stray, which is a fact: it is told to the questions that it may have been meant for, and their
// answers may still come. An answer that is late, to a try nobody waits for any more, is no stray.
//
// Not c-ares, which carries what goes over TCP: it drops strays without a word, parses and judges
// what it should only carry, clears 4 KB for each datagram and keeps timers of its own. Without it
// nothing is left of a datagram's way but these two calls and a look at the id.
//
// What is asked in one turn of the loop leaves together, at its end, in one sendmmsg(2): a resolver on
// this host would wake up, and push us off the processor, for each question by itself. Datagrams are
// taken in batches too, one for each time that the socket is readable: a flood cannot keep anybody's
// deadline from its turn. An asker may do anything when it is told, also forget
// every try. Nobody is told from within send(). Not thread-safe; one per shard.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "probe/net/asio.hpp"
#include "probe/net/dns_question.hpp"
#include "probe/net/random_ids.hpp"

namespace plumb::net {

struct DatagramBatch;  // where a batch is received; shared by the sockets of one thread

class DnsSocket : public std::enable_shared_from_this<DnsSocket> {
 public:
  class Asker {
   public:
    virtual ~Asker() = default;
    virtual std::string_view name() const = 0;  // that it asks for
    virtual bool asks_for(const wire::DnsMessage& message) const = 0;
    virtual void on_answer(wire::DnsMessage&& message, wire::View bytes) = 0;
    virtual void on_stray() = 0;
    virtual void on_error(int error) = 0;  // errno; the socket is of no more use
  };
  static constexpr int kMostTries = 4096;

  DnsSocket(Executor executor, const Endpoint& resolver, const std::optional<Address>& source,
            std::shared_ptr<DatagramBatch> batch);
  ~DnsSocket();
  DnsSocket(const DnsSocket&) = delete;
  DnsSocket& operator=(const DnsSocket&) = delete;

  // Whether another try may go over it.
  bool usable() const { return error_ == 0 && tries_ < kMostTries; }
  // Sends the question, soon, under an id of its own, which is returned. The asker must forget it.
  // Nothing: its name is none that can be asked.
  std::optional<std::uint16_t> send(Asker& asker, const DnsQuestion& question, bool edns,
                                    RandomIds& ids);
  void forget(std::uint16_t id);

  static std::shared_ptr<DatagramBatch> make_batch();

 private:
  int open(const Endpoint& resolver, const std::optional<Address>& source);
  void send_soon(std::size_t length);
  void send_all();
  void wait_for_datagrams();
  void on_readable(const error_code& error);
  void receive();
  void take(wire::View datagram);
  void note_error(int error);
  void tell_error();

  Descriptor descriptor_;
  std::shared_ptr<DatagramBatch> batch_;
  int error_ = 0;
  int tries_ = 0;
  bool waiting_ = false;
  wire::Bytes outgoing_;              // one query behind the other
  std::vector<std::size_t> lengths_;  // theirs
  std::unordered_map<std::uint16_t, Asker*> under_way_;
  std::bitset<65536> used_;  // ids that went out
};

}  // namespace plumb::net
