#include "probe/net/resolver.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "probe/net/classify.hpp"
#include "probe/net/dns_channel.hpp"

namespace plumb::net {
namespace {

constexpr int kQuestionsPerChannel = 4096;
constexpr int kFormErr = 1;

struct SharedChannel {
  std::shared_ptr<DnsChannel> channel;
  int askings = 0;
};
using ChannelKey = std::tuple<Endpoint, DnsChannel::Transport, std::optional<Address>>;

std::int64_t whole_ms(Micros time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

}  // namespace

struct Resolver::Core {
  explicit Core(asio::any_io_executor on) : executor(std::move(on)) {}

  std::shared_ptr<SharedChannel> take(const ChannelKey& key) {
    auto& shared = channels[key];
    if (!shared || shared->channel->sent() >= kQuestionsPerChannel) {
      const auto& [resolver, transport, source] = key;
      shared = std::make_shared<SharedChannel>();
      shared->channel = std::make_shared<DnsChannel>(executor, resolver, transport, source);
    }
    ++shared->askings;
    return shared;
  }

  asio::any_io_executor executor;
  std::map<ChannelKey, std::shared_ptr<SharedChannel>> channels;
  std::unordered_map<const Asking*, std::shared_ptr<Asking>> askings;
};

// One question on its way. Owned by the Core; timers and channels hold it weakly.
class Resolver::Asking : public std::enable_shared_from_this<Asking> {
 public:
  Asking(Core& core, DnsQuestion question, std::vector<Micros> tries, Deadline deadline,
         std::optional<Address> source, std::function<void(DnsReply)> handler)
      : core_(core),
        question_(std::move(question)),
        waits_(std::move(tries)),
        deadline_(deadline),
        source_(source),
        handler_(std::move(handler)),
        timer_(core.executor) {}

  ~Asking() { give_back(); }

  void start() {
    using Transport = DnsChannel::Transport;
    const Transport transport = question_.over_tcp ? Transport::tcp : Transport::udp;
    reply_.over_tcp = question_.over_tcp;
    // Over TCP the kernel repeats what is lost: one question, and the whole time for it.
    if (question_.over_tcp) waits_ = {std::accumulate(waits_.begin(), waits_.end(), Micros(0))};
    leg_.shared = core_.take({question_.resolver, transport, source_});
    next_try();
  }

 private:
  struct Leg {  // the channel in use and what was sent over it
    std::shared_ptr<SharedChannel> shared;
    std::vector<DnsChannel::Ticket> tickets;
  };

  void next_try() {
    const auto now = Clock::now();
    if (next_wait_ == waits_.size() || now >= deadline_) return fall_silent();
    if (!send()) {
      reply_.raw = "not a valid host name: not asked";
      return finish_later(Failure::nxdomain);
    }
    wait_until(now + waits_[next_wait_++]);
  }

  bool send() {
    const auto on_event = [weak = weak_from_this()](const DnsChannel::Event& event) {
      if (const auto asking = weak.lock()) asking->on_event(event);
    };
    const auto ticket = leg_.shared->channel->send(question_, edns_, on_event);
    if (!ticket) return false;
    leg_.tickets.push_back(*ticket);
    ++reply_.tries;
    return true;
  }

  // Every wait has its number: a timer handler that was queued before it was cancelled is told
  // apart.
  void wait_until(Deadline when) {
    timer_.expires_at(std::min(when, deadline_));
    timer_.async_wait([weak = weak_from_this(), number = ++wait_number_](const error_code&) {
      const auto asking = weak.lock();
      if (asking && asking->wait_number_ == number) asking->on_wait_over();
    });
  }

  void on_wait_over() {
    if (reply_.message) return finish();  // TCP did not answer: the UDP message stands
    next_try();
  }

  void fall_silent() {
    reply_.raw = "no answer to " + std::to_string(reply_.tries) + " questions in " +
                 std::to_string(whole_ms(elapsed())) + " ms" +
                 (question_.over_tcp ? " over TCP" : "");
    if (stray_) reply_.raw = "only messages that do not fit the question; " + reply_.raw;
    finish_later(stray_ ? Failure::malformed_answer : Failure::timed_out);
  }

  void on_event(const DnsChannel::Event& event) {
    if (event.news == DnsChannel::News::stray) {
      stray_ = true;
    } else if (event.news == DnsChannel::News::answer) {
      on_answer(event.bytes);
    } else if (!reply_.message) {
      reply_.failure = classify_errno(event.error);
      reply_.raw = errno_name(event.error);
      finish();
    } else {
      finish();
    }
  }

  void on_answer(const wire::Bytes& bytes) {
    auto message = wire::parse_dns_message(bytes);
    if (reply_.message) {
      reply_.over_tcp = message && message->question_name == reply_.message->question_name;
      if (reply_.over_tcp) reply_.message = std::move(message);
      return finish();
    }
    if (!message || !is_answer(*message)) return on_misfit();
    if (message->rcode == kFormErr && std::exchange(edns_, false)) {
      if (send()) return;
    }
    reply_.message = std::move(message);
    reply_.truncated = reply_.message->truncated;
    if (!reply_.truncated || question_.over_tcp || !ask_over_tcp()) finish();
  }

  // Datagrams were held against their question where they came in (DnsChannel).
  bool is_answer(const wire::DnsMessage& message) const {
    const bool bare_error = message.question_type == 0 && message.rcode != 0;
    const bool same_type = message.question_type == static_cast<std::uint16_t>(question_.type);
    return !question_.over_tcp || bare_error || same_type;
  }

  void on_misfit() {
    reply_.failure = Failure::malformed_answer;
    reply_.raw = "a message over TCP that does not fit the question";
    finish();
  }

  bool ask_over_tcp() {
    give_back();
    leg_.shared = core_.take({question_.resolver, DnsChannel::Transport::tcp, source_});
    if (Clock::now() >= deadline_ || !send()) return false;
    wait_until(Clock::now() + *std::max_element(waits_.begin(), waits_.end()));
    return true;
  }

  void give_back() {
    if (!leg_.shared) return;
    for (const auto ticket : leg_.tickets) leg_.shared->channel->forget(ticket);
    if (--leg_.shared->askings == 0) leg_.shared->channel->drop_leftovers();
    leg_ = {};
  }

  Micros elapsed() const { return std::chrono::duration_cast<Micros>(Clock::now() - started_); }

  void finish_later(Failure failure) {
    reply_.failure = failure;
    ++wait_number_;
    asio::post(core_.executor, [weak = weak_from_this()] {
      if (const auto asking = weak.lock()) asking->finish();
    });
  }

  // The handler may do anything, also destroy the Resolver: nothing is touched after it.
  void finish() {
    const auto self = shared_from_this();
    ++wait_number_;
    timer_.cancel();
    give_back();
    core_.askings.erase(this);
    reply_.took = elapsed();
    const auto handler = std::move(handler_);
    handler(std::move(reply_));
  }

  Core& core_;
  DnsQuestion question_;
  std::vector<Micros> waits_;
  Deadline deadline_;
  std::optional<Address> source_;
  std::function<void(DnsReply)> handler_;
  asio::steady_timer timer_;
  Deadline started_ = Clock::now();
  std::size_t next_wait_ = 0;
  int wait_number_ = 0;
  bool edns_ = true, stray_ = false;
  Leg leg_;
  DnsReply reply_;
};

Resolver::Resolver(asio::any_io_executor executor)
    : core_(std::make_shared<Core>(std::move(executor))) {}

Resolver::~Resolver() = default;

void Resolver::ask(DnsQuestion question, std::vector<Micros> tries, Deadline deadline,
                   std::optional<Address> source, std::function<void(DnsReply)> handler) {
  const auto asking = std::make_shared<Asking>(*core_, std::move(question), std::move(tries),
                                               deadline, source, std::move(handler));
  core_->askings.emplace(asking.get(), asking);
  asking->start();
}

}  // namespace plumb::net
