// One c-ares channel to one resolver over TCP: it carries questions and tells what came back.
//
// c-ares (1.18 … 1.34) owns connecting, sharing the connection and framing; asio waits for its
// descriptors. Waits and repetitions are the Resolver's: each send is one question, and c-ares' own
// timeouts are never run. Its answers are read by us (probe/wire/dns_message.hpp): its own parsers
// hide rcodes. Datagrams are not its business (probe/net/dns_socket.hpp).
//
// No handler is called from within send() or from within c-ares. Not thread-safe; one per shard.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "probe/net/asio.hpp"
#include "probe/net/dns_question.hpp"

struct ares_channeldata;
struct ares_socket_functions;

namespace plumb::net {

class DnsChannel : public std::enable_shared_from_this<DnsChannel> {
 public:
  struct Event {
    wire::Bytes bytes;  // of an answer
    int error = 0;      // errno where the transport failed
  };
  using Handler = std::function<void(const Event&)>;  // called at most once
  using Ticket = std::uint64_t;

  DnsChannel(Executor executor, const Endpoint& resolver, std::optional<Address> source);
  ~DnsChannel();
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;

  // Sends one question, under its id.
  Ticket send(const wire::Bytes& query, Handler handler);
  void forget(
      Ticket ticket);  // its handler is not called again; the last one closes the connection

 private:
  struct Watched;
  struct Callbacks;  // what c-ares calls

  void watch(int fd, bool readable, bool writable);
  void arm(const std::shared_ptr<Watched>& watched);
  void process(int readable, int writable);
  void settle();
  void note_error(int error);
  int open_socket(int family, int type);
  static const ares_socket_functions& socket_functions();

  Executor executor_;
  std::optional<Address> source_;
  ares_channeldata* channel_ = nullptr;
  int setup_error_ = 0;
  int last_error_ = 0;
  bool settling_ = false;
  Ticket next_ticket_ = 1;
  std::map<Ticket, Handler> open_;
  std::deque<std::pair<Ticket, Event>> events_;
  std::map<int, std::shared_ptr<Watched>> sockets_;
};

}  // namespace plumb::net
