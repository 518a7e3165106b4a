// One c-ares channel to one resolver over one transport: it carries questions and tells what came
// back.
//
// c-ares (1.18 … 1.34) owns sockets, connecting and TCP framing; asio waits for its descriptors.
// Waits and repetitions are the Resolver's: each send is one packet, and c-ares' own timeouts,
// which later versions shorten by what they measured, are never run. Datagrams are read where
// c-ares receives them, because
// - c-ares drops in silence what does not fit a question (wrong id, garbage): to us it is a stray,
// a fact;
// - 1.18 asks again without EDNS after a SERVFAIL if ARES_FLAG_EDNS is set (the extended error is
// lost, and
//   every later question goes without), and cuts answers at 512 bytes if it is not;
// - 1.34 parses answers and writes them anew before it hands them out.
//
// No handler is called from within send() or from within c-ares. Not thread-safe; one per shard.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "probe/net/network.hpp"

struct ares_channeldata;
struct ares_socket_functions;

namespace plumb::net {

class DnsChannel : public std::enable_shared_from_this<DnsChannel> {
 public:
  enum class Transport : std::uint8_t { udp, tcp };
  enum class News : std::uint8_t {
    answer,  // bytes of a response to this question
    stray,   // something came that cannot be it; the answer may still come
    error    // the transport failed
  };
  struct Event {
    News news = News::answer;
    wire::Bytes bytes;  // of an answer
    int error = 0;      // errno of an error
  };
  using Handler = std::function<void(const Event&)>;  // strays, then at most one answer or error
  using Ticket = std::uint64_t;

  DnsChannel(asio::any_io_executor executor, const Endpoint& resolver, Transport transport,
             std::optional<Address> source);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  // Sends one question under a random id. Nothing if its name cannot be put into a message.
  std::optional<Ticket> send(const DnsQuestion& question, bool edns, Handler handler);
  void forget(Ticket ticket);  // its handler is not called again
  void drop_leftovers();       // nobody waits any more: closes the sockets
  int sent() const { return sent_; }

 private:
  struct Attempt {
    std::string name;  // as DnsMessage has it
    std::uint16_t type = 0;
    std::optional<std::uint16_t> id;  // as it went over the wire: c-ares 1.34 chooses its own
    Handler handler;
  };
  struct Watched;
  struct Callbacks;  // what c-ares calls

  void watch(int fd, bool readable, bool writable);
  void arm(const std::shared_ptr<Watched>& watched);
  void process(int readable, int writable);
  void settle();
  void capture(wire::View datagram);
  void note_sent_id(wire::View datagram);
  void note_error(int error);
  int open_socket(int family, int type);
  std::uint16_t fresh_id() const;
  static const ares_socket_functions& socket_functions();

  asio::any_io_executor executor_;
  Endpoint resolver_;
  Transport transport_;
  std::optional<Address> source_;
  ares_channeldata* channel_ = nullptr;
  int setup_error_ = 0;
  int last_error_ = 0;
  int sent_ = 0;
  bool settling_ = false;
  Ticket next_ticket_ = 1;
  Attempt* sending_ = nullptr;
  std::map<Ticket, Attempt> attempts_;
  std::unordered_map<std::uint16_t, Ticket> by_id_;
  std::unordered_set<std::uint16_t> spent_ids_;  // a late answer to one of these is no stray
  std::deque<std::pair<Ticket, Event>> events_;
  std::map<int, std::shared_ptr<Watched>> sockets_;
};

}  // namespace plumb::net
