#include "probe/net/scripted_network.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "probe/model/keys.hpp"

namespace plumb::net {

namespace {

struct ScriptedConnection : Connection {
  std::unique_ptr<ScriptedPeer> peer;
  Micros connect_took{0};
  int largest_write = 0;  // bytes; what is longer is never acknowledged; 0: all is
};

Micros until(Deadline deadline) {
  const auto left = std::chrono::duration_cast<Micros>(deadline - Clock::now());
  return std::max(left, Micros(0));
}

std::string_view errno_name(Failure failure) {
  switch (failure) {
    case Failure::refused:
      return "ECONNREFUSED";
    case Failure::host_unreachable:
    case Failure::admin_prohibited:
      return "EHOSTUNREACH";
    case Failure::net_unreachable:
    case Failure::no_route:
      return "ENETUNREACH";
    case Failure::permission_denied:
      return "EACCES";
    case Failure::address_unavailable:
      return "EADDRNOTAVAIL";
    case Failure::local_limit:
      return "EMFILE";
    case Failure::reset:
      return "ECONNRESET";
    default:
      return "";
  }
}

Observation connect_observation(Endpoint to, const ScriptedEndpoint& scripted, Micros took) {
  Observation seen;
  seen.phase = Phase::connect;
  seen.endpoint = to.to_string();
  seen.took = took;
  seen.failure = scripted.failure;
  seen.facts.set(key::peer_address, to.address.to_string());
  seen.facts.set(key::peer_port, std::int64_t{to.port});
  if (!scripted.failure) {
    seen.facts.set(key::tcp_connect_ms, in_ms(took));
    seen.facts.set(key::tcp_syn_retransmits, std::int64_t{0});
  } else if (*scripted.failure == Failure::timed_out) {
    seen.facts.set(key::tcp_waited_ms, in_ms(took));
  } else {
    seen.raw = errno_name(*scripted.failure);
    if (!seen.raw.empty()) seen.facts.set(key::tcp_errno, seen.raw);
  }
  seen.facts.merge(scripted.facts);
  return seen;
}

// One line of the peer as the event the exchange sees; moves the told time forward.
wire::Event heard(const Line& line, Micros& at, Micros limit) {
  const bool silent = line.failure == Failure::timed_out || at + line.after > limit;
  at = silent ? limit : at + line.after;
  if (silent) return wire::Broken{Failure::timed_out, "no answer within the time"};
  if (line.failure) return wire::Broken{*line.failure, std::string(to_string(*line.failure))};
  return wire::Received{line.bytes};
}

constexpr std::int64_t kResent = 3;         // SYNs of one silence
constexpr std::size_t kClientHello = 1500;  // with a post-quantum key share

bool is_too_long(const ScriptedConnection& way, std::size_t bytes) {
  return way.largest_write > 0 && bytes > static_cast<std::size_t>(way.largest_write);
}

// Sent and never acknowledged, until the time is up.
wire::Event stalled(Micros& at, Micros limit) {
  at = limit;
  Facts facts;
  facts.set(key::tcp_unacked, std::int64_t{1});
  facts.set(key::tcp_retransmits, std::int64_t{3});
  return wire::Broken{Failure::timed_out, "no answer within the time", std::move(facts)};
}

wire::Event shaken(wire::TlsReport report, Micros& at, Micros limit) {
  const bool silent = report.failure == Failure::timed_out;
  at = silent ? limit : std::min(at + Micros(3000), limit);
  if (silent) return wire::Broken{Failure::timed_out, "no answer within the time"};
  return wire::TlsEnded{std::move(report)};
}

}  // namespace

Line RecitingPeer::speak() {
  if (at_ == lines_.size()) return Line{{}, Failure::eof, Micros(0)};
  return lines_[at_++];
}

std::shared_ptr<const NameConfig> ScriptedNetwork::name_config() {
  const auto made = std::make_shared<NameConfig>();
  NameConfig& config = *made;
  config.resolv = wire::parse_resolv_conf(world_.resolv_conf);
  config.hosts = wire::parse_hosts(world_.hosts);
  config.nsswitch = wire::parse_nsswitch(world_.nsswitch);
  config.resolv_readable = world_.resolv_readable;
  config.stub_upstreams = world_.stub_upstreams;
  return made;
}

const ScriptedAnswer* ScriptedNetwork::answer_to(const DnsQuestion& question) const {
  const auto found = world_.answers.find({question.resolver, question.name, question.type});
  return found == world_.answers.end() ? nullptr : &found->second;
}

bool ScriptedNetwork::knows_name(const Endpoint& resolver, const std::string& name) const {
  return std::any_of(world_.answers.begin(), world_.answers.end(), [&](const auto& entry) {
    return entry.first.resolver == resolver && entry.first.name == name;
  });
}

bool ScriptedNetwork::knows_resolver(const Endpoint& resolver) const {
  return std::any_of(world_.answers.begin(), world_.answers.end(),
                     [&](const auto& entry) { return entry.first.resolver == resolver; });
}

awaitable<std::vector<DnsReply>> ScriptedNetwork::ask(std::vector<DnsQuestion> questions,
                                                      Tries tries, Deadline deadline) {
  std::vector<DnsReply> replies;
  for (const DnsQuestion& question : questions)
    replies.push_back(reply_to(question, tries, deadline));
  co_return replies;
}

DnsReply ScriptedNetwork::reply_to(const DnsQuestion& question, const Tries& tries,
                                   Deadline deadline) const {
  ScriptedAnswer answer;
  if (const ScriptedAnswer* scripted = answer_to(question)) {
    answer = *scripted;
    if (world_.only_tcp.contains(question.resolver) && !question.over_tcp)
      answer.failure = Failure::timed_out;
  } else if (!knows_resolver(question.resolver)) {
    answer.failure = Failure::timed_out;
  } else if (!knows_name(question.resolver, question.name)) {
    answer.message.rcode = 3;
  }

  DnsReply reply;
  reply.tries = 1;
  reply.took = answer.took;
  reply.waited = answer.waited;
  if (answer.failure) {
    reply.failure = answer.failure;
    if (*answer.failure != Failure::timed_out) return reply;
    reply.tries = static_cast<int>(tries.size());
    reply.took = std::min(std::accumulate(tries.begin(), tries.end(), Micros(0)), until(deadline));
    return reply;
  }
  answer.message.response = true;
  answer.message.question_name = question.name;
  answer.message.question_type = static_cast<std::uint16_t>(question.type);
  reply.message = std::move(answer.message);
  reply.truncated = answer.truncated;
  reply.over_tcp = answer.truncated || question.over_tcp;
  return reply;
}

awaitable<SystemReply> ScriptedNetwork::ask_system(std::string name, Deadline deadline) {
  if (world_.system) co_return *world_.system;
  SystemReply reply;
  const auto known = name_config();
  const NameConfig& config = *known;
  for (const wire::HostsEntry* entry : config.hosts.lookup(name))
    reply.addresses.push_back(entry->address);
  for (const Endpoint& resolver : config.resolv.nameservers) {
    if (!reply.addresses.empty()) break;
    for (const auto type : {wire::DnsType::a, wire::DnsType::aaaa}) {
      const ScriptedAnswer* answer = answer_to(DnsQuestion{resolver, name, type});
      if (!answer || answer->failure) continue;
      const auto& found = answer->message.addresses;
      reply.addresses.insert(reply.addresses.end(), found.begin(), found.end());
    }
  }
  if (reply.addresses.empty()) reply.error = "EAI_NONAME";
  reply.took = std::min(Micros(2000), until(deadline));
  co_return reply;
}

// The endpoint as this connect meets it.
ScriptedEndpoint ScriptedNetwork::met_by(const Endpoint& to, const ConnectOptions& options) {
  const auto found = world_.endpoints.find(to);
  ScriptedEndpoint scripted;
  scripted.failure = Failure::timed_out;
  if (found == world_.endpoints.end()) return scripted;
  scripted = found->second;
  const int before = connects_[to]++;
  const bool port_fits =
      scripted.from_port_high == 0 ||
      (options.from_port >= scripted.from_port_low && options.from_port <= scripted.from_port_high);
  const bool address_fits = !scripted.only_from || scripted.only_from == options.from;
  const bool its_turn = scripted.silent_every == 0 || before % scripted.silent_every != 0;
  if (!port_fits || !address_fits || !its_turn || scripted.held_back)
    scripted.failure = Failure::timed_out;
  return scripted;
}

// A kernel that counts has sent the SYN of an unanswered connect again and again.
void ScriptedNetwork::count_silence(const ScriptedEndpoint& scripted, Facts& facts) {
  auto& counters = world_.locality.syns;
  if (!counters) return;
  counters->resent += kResent;
  if (scripted.held_back) counters->unsent += kResent;
  facts.set(key::tcp_syn_retransmits, kResent);
  facts.set(key::tcp_syn_left, !scripted.held_back);
}

awaitable<Connected> ScriptedNetwork::connect(Endpoint to, ConnectOptions options,
                                              Deadline deadline) {
  ScriptedEndpoint scripted = met_by(to, options);
  const bool silent = scripted.failure == Failure::timed_out || scripted.took > until(deadline);
  if (silent) scripted.failure = Failure::timed_out;

  Connected result;
  result.observation = connect_observation(to, scripted, silent ? until(deadline) : scripted.took);
  if (silent) count_silence(scripted, result.observation.facts);
  if (options.from) result.observation.facts.set(key::local_address, options.from->to_string());
  if (scripted.failure) co_return result;
  auto connection = std::make_unique<ScriptedConnection>();
  if (scripted.peer) connection->peer = scripted.peer();
  connection->connect_took = scripted.took;
  const bool asked_small =
      options.max_segment > 0 && options.max_segment <= scripted.largest_segment;
  connection->largest_write = asked_small ? 0 : scripted.largest_segment;
  result.connection = std::move(connection);
  co_return result;
}

awaitable<Traced> ScriptedNetwork::trace(Endpoint to, std::optional<Address> from,
                                         Deadline deadline) {
  ConnectOptions options;
  options.from = from;
  Connected at_the_end = co_await connect(to, options, deadline);
  Traced result;
  Observation& seen = result.observation;
  seen.phase = Phase::path;
  seen.endpoint = to.to_string();
  seen.took = at_the_end.observation.took;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < world_.hops.size(); ++i)
    if (world_.hops[i] != "*") last = static_cast<std::int64_t>(i) + 1;
  seen.facts.set(key::path_hops, world_.hops);
  seen.facts.set(key::path_last_hop, last);
  const auto& failure = at_the_end.observation.failure;
  seen.facts.set(key::path_reached, !failure || failure == Failure::refused);
  result.connection = std::move(at_the_end.connection);
  co_return result;
}

awaitable<bool> ScriptedNetwork::pause(Micros length, Deadline deadline) {
  co_return length < until(deadline);
}

awaitable<Observation> ScriptedNetwork::metadata(Deadline) {
  Observation seen;
  seen.phase = Phase::local;
  seen.facts = world_.metadata;
  seen.facts.set(key::local_metadata, std::string(world_.metadata.empty() ? "silent" : "answered"));
  co_return seen;
}

awaitable<SessionEnd> ScriptedNetwork::session(SessionOrder,
                                               std::unique_ptr<wire::SessionTalk> talk, Deadline) {
  SessionEnd end;
  std::optional<wire::SessionResult> result;
  std::optional<std::string> statement = world_.session ? talk->next(nullptr) : std::nullopt;
  while (statement) {
    result = world_.session(*statement);
    statement = talk->next(&*result);
  }
  end.observation = talk->observation();
  end.observation.took = Micros(5000);
  if (!world_.session) {
    end.observation.failure = Failure::session_error;
    end.observation.raw = "this world holds no session";
  }
  co_return end;
}

awaitable<void> ScriptedNetwork::converse(Connection& connection, wire::Exchange& exchange,
                                          const wire::TlsSettings& tls, Deadline deadline) {
  auto& scripted = static_cast<ScriptedConnection&>(connection);
  RecitingPeer mute({Line{{}, Failure::timed_out, Micros(0)}});
  ScriptedPeer& peer = scripted.peer ? *scripted.peer : mute;
  const Micros limit = std::max(until(deadline) - scripted.connect_took, Micros(0));
  Micros at{0};
  Line line;  // owns the bytes of a Received while the exchange looks at them
  bool swallowed = false;

  wire::Action wanted = exchange.next(wire::Started{}, at);
  while (!std::holds_alternative<wire::Finish>(wanted)) {
    wire::Event event = wire::WriteClosed{};
    if (const auto* send = std::get_if<wire::Send>(&wanted)) {
      swallowed = swallowed || is_too_long(scripted, send->bytes.size());
      if (!swallowed) peer.hear(send->bytes);
      event = wire::Sent{};
    } else if (std::holds_alternative<wire::Receive>(wanted)) {
      line = swallowed ? Line{{}, Failure::timed_out, Micros(0)} : peer.speak();
      event = heard(line, at, limit);
    } else if (std::holds_alternative<wire::StartTls>(wanted)) {
      const bool lost = is_too_long(scripted, kClientHello);
      event = lost ? stalled(at, limit) : shaken(peer.shake_hands(tls), at, limit);
    }
    wanted = exchange.next(event, at);
  }
  co_return;
}

}  // namespace plumb::net
