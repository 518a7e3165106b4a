// One question on its way to one resolver: its turn, its tries and their waits, EDNS, truncation and
// TCP, until something has come of it.
//
// Waits are ours (`tries`, cut by the deadline), and an answer to an earlier try still counts while
// a later one waits. SERVFAIL and REFUSED are messages. TC is kept and the question asked again
// over TCP; if that fails the UDP message stands. A question for TCP at once is sent once, with the
// time of all tries. A resolver that does not know EDNS (FORMERR) is asked without.
//
// Each packet waits for its turn at the resolver; the deadline moves by that time, which is not the
// target's (`waited`).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probe/net/dns_channel.hpp"
#include "probe/net/dns_question.hpp"
#include "probe/net/dns_socket.hpp"
#include "probe/net/question_rate.hpp"
#include "probe/net/random_ids.hpp"
#include "probe/net/wake_list.hpp"

namespace plumb::net {

// What the questions of one thread share. A socket that is worn out is replaced.
struct DnsLines {
  DnsLines(Executor executor_, std::optional<Address> source_, double rate)
      : executor(std::move(executor_)), source(source_), turns(rate) {}
  std::shared_ptr<DnsSocket> socket(const Endpoint& resolver);
  std::shared_ptr<DnsChannel> channel(const Endpoint& resolver);

  Executor executor;
  std::optional<Address> source;
  QuestionRate turns;
  RandomIds ids;
  std::shared_ptr<WakeList> wakes = std::make_shared<WakeList>(executor);
  std::shared_ptr<DatagramBatch> batch = DnsSocket::make_batch();
  std::unordered_map<Endpoint, std::shared_ptr<DnsSocket>> sockets;
  std::unordered_map<Endpoint, std::shared_ptr<DnsChannel>> channels;
};

class DnsAsking : private DnsSocket::Asker, private WakeList::Sleeper {
 public:
  using Time = std::chrono::steady_clock::time_point;
  class Owner {
   public:
    virtual ~Owner() = default;
    // `message`: what the reply was read from; empty where there is none. May destroy the asking.
    virtual void on_end(DnsAsking& asking, DnsReply&& reply, wire::View message) = 0;
  };

  DnsAsking(DnsLines& lines, Owner& owner, DnsQuestion question, const Tries& tries, Time deadline,
            Time now = std::chrono::steady_clock::now());
  ~DnsAsking() override;
  DnsAsking(const DnsAsking&) = delete;
  DnsAsking& operator=(const DnsAsking&) = delete;

  void start();   // the owner is not called from within
  void cancel();  // an interrupt: ends at once

  // Whether another question for `tries` by `deadline` may have this one's reply for its own: it is
  // the same, and nobody waits longer for it than he would for his own.
  bool stands_for(const DnsQuestion& other, const Tries& tries, Time deadline) const;
  const DnsQuestion& question() const { return question_; }
  Micros waited() const;                 // so far
  Time ended() const { return ended_; }  // when the owner is told

 private:
  bool no_try_left() const;
  Micros next_wait();
  void next_try(Time now);
  void take_turn(Time now);
  void send(Time now);
  bool send_over_udp();
  bool send_over_tcp();
  void on_wake(Time now) override;
  void fall_silent();
  std::string_view name() const override { return question_.name; }
  bool asks_for(const wire::DnsMessage& message) const override;
  void on_stray() override { stray_ = true; }
  void on_error(int error) override;
  void on_answer(wire::DnsMessage&& message, wire::View bytes) override;
  void ask_over_tcp();
  void on_event(const DnsChannel::Event& event);
  bool fits(const wire::DnsMessage& message) const;
  void give_back();
  Micros elapsed(Time now) const;
  void finish_later(Failure failure);
  void finish(Failure failure);
  void finish(wire::View bytes = {});

  DnsLines& lines_;
  Owner& owner_;
  DnsQuestion question_;
  Tries tries_;
  Time deadline_, began_, ended_;
  std::optional<Time> queued_;  // since when it waits for its turn
  std::optional<Failure> later_;
  std::size_t next_try_ = 0;
  bool edns_ = true, stray_ = false, on_tcp_leg_ = false;
  boost::container::small_vector<std::pair<std::shared_ptr<DnsSocket>, std::uint16_t>, 1> sent_;
  std::shared_ptr<DnsChannel> channel_;
  DnsChannel::Ticket ticket_ = 0;
  DnsReply reply_;
};

}  // namespace plumb::net
