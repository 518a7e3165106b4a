#include "probe/net/dns_window.hpp"

#include <algorithm>
#include <utility>

namespace plumb::net {
namespace {

constexpr int kNoError = 0, kNxDomain = 3;
constexpr std::size_t kBothFamilies = 2;

// How long the answer is true. Nothing: it is not to be kept.
std::optional<std::chrono::seconds> lifetime(const DnsReply& reply) {
  if (!reply.message || (reply.truncated && !reply.over_tcp)) return std::nullopt;
  const wire::DnsMessage& message = *reply.message;
  if (message.cname_loop || (message.rcode != kNoError && message.rcode != kNxDomain))
    return std::nullopt;
  std::optional<std::uint32_t> ttl = message.ttl_s;
  if (message.addresses.empty()) {
    if (!message.negative_ttl_s) return std::nullopt;
    ttl = std::min(ttl.value_or(*message.negative_ttl_s), *message.negative_ttl_s);
  }
  if (!ttl || *ttl == 0) return std::nullopt;
  return std::chrono::seconds(*ttl);
}

}  // namespace

void DnsWindow::keep(const DnsQuestion& question, const DnsReply& reply, wire::View message,
                     Time now) {
  const auto life = lifetime(reply);
  if (!life || message.size() > most_bytes_) return;
  const auto [at, is_new] = names_.try_emplace(question.name);
  std::vector<Kept>& kept = at->second;
  if (is_new) {
    by_age_.push_back(&at->first);
    kept.reserve(kBothFamilies);
  }
  auto old = std::ranges::find_if(kept, [&](const Kept& one) { return one.answers(question); });
  if (old == kept.end()) old = kept.emplace(kept.end());
  bytes_ += message.size() - old->message.size();
  *old = {question.resolver,
          question.type,
          question.over_tcp,
          reply.truncated,
          reply.over_tcp,
          static_cast<std::uint8_t>(reply.tries),
          static_cast<std::uint32_t>(reply.took.count()),
          now,
          now + *life,
          wire::Bytes(message.begin(), message.end())};
  while (names_.size() > most_names_ || bytes_ > most_bytes_) drop_oldest();
}

std::optional<DnsReply> DnsWindow::find(const DnsQuestion& question, Time now) const {
  const auto at = names_.find(question.name);
  if (at == names_.end()) return std::nullopt;
  for (const Kept& kept : at->second) {
    if (!kept.answers(question) || now >= kept.until) continue;
    DnsReply reply;
    reply.message = wire::parse_dns_message(kept.message);
    reply.truncated = kept.truncated;
    reply.over_tcp = kept.over_tcp;
    reply.tries = kept.tries;
    reply.took = Micros(kept.took_us);
    reply.shared = true;
    reply.age = std::chrono::duration_cast<Micros>(now - kept.came);
    return reply;
  }
  return std::nullopt;
}

void DnsWindow::clear() {
  names_.clear();
  by_age_.clear();
  bytes_ = 0;
}

void DnsWindow::drop_oldest() {
  const auto oldest = names_.find(*by_age_.front());
  for (const Kept& kept : oldest->second) bytes_ -= kept.message.size();
  by_age_.pop_front();
  names_.erase(oldest);
}

}  // namespace plumb::net
