// A PROXY header where none is expected, or none where one is. An AWS load balancer sends its header
// only with the client's first bytes, so the greeting comes and the next thing breaks: on every
// try, whoever logs in, with TLS and without. Those tries are the follow-ups; one login that is
// answered disproves a header. What a server sends when a header surprises it is not documented: no
// error number alone makes one likely.
#include <array>
#include <string>
#include <string_view>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"
#include "checks/tries.hpp"
#include "probe/model/experiment.hpp"

namespace plumb::mysql {
namespace {

constexpr std::string_view kMiss = "no server broke off at our first packet";
constexpr int kFirst = 90;  // among candidates, once other tries confirm it

constexpr Pattern kComplains{
    [](const Observation& seen) {
      return is_error(seen, {1043, 1156}) || (seen.phase != Phase::tls && names_proxy_header(seen));
    },
    Confidence::possible, Severity::error, kMiss, 110};
constexpr Pattern kBreaks{
    [](const Observation& seen) { return is_first_packet(seen) && is_gone(seen, Phase::login); },
    Confidence::possible, Severity::error, kMiss, 110};
// The request for TLS is our first packet then; an error packet in answer to it is no TLS record.
constexpr Pattern kBreaksAtTls{[](const Observation& seen) {
                                 return is_gone(seen, Phase::tls) ||
                                        (is_failure(seen, Phase::tls, Failure::tls_protocol) &&
                                         seen.raw.find("wrong version") != std::string::npos);
                               },
                               Confidence::possible, Severity::error, kMiss, 120};
constexpr Pattern kSilentAfter{[](const Observation& seen) {
                                 return is_first_packet(seen) &&
                                        is_failure(seen, Phase::login, Failure::timed_out);
                               },
                               Confidence::possible, Severity::error, kMiss, 120};
constexpr Pattern kBreaksInside{[](const Observation& seen) {
                                  constexpr Micros kAtOnce = std::chrono::seconds(5);
                                  return !is_first_packet(seen) && is_gone(seen, Phase::login) &&
                                         seen.took < kAtOnce;
                                },
                                Confidence::possible, Severity::error, kMiss, 130};
constexpr Pattern kNoGreeting{[](const Observation& seen) {
                                return (is_failure(seen, Phase::greeting, Failure::eof) ||
                                        is_failure(seen, Phase::greeting, Failure::timed_out)) &&
                                       !seen.endpoint.ends_with(":33060");
                              },
                              Confidence::possible, Severity::error, kMiss, 130};

struct Look {
  const Pattern* pattern;
  bool breaks_at_once;  // other tries that break as well make it likely
  std::string_view breaks, why;
};
constexpr std::string_view kAwsSendsIt =
    "An AWS load balancer puts its PROXY header before just that packet.";
constexpr std::array<Look, 6> kLooks{{
    {&kComplains, true, "greets, but complains of the first packet we send", kAwsSendsIt},
    {&kBreaks, true, "greets, but breaks off at the first packet we send", kAwsSendsIt},
    {&kBreaksAtTls, true, "greets, but breaks off at our first packet, the request for TLS",
     kAwsSendsIt},
    {&kSilentAfter, false, "greets, but falls silent after the first packet we send", kAwsSendsIt},
    {&kBreaksInside, false, "greets and completes TLS, but ends the connection at the login",
     "A proxy that ends TLS itself puts its PROXY header before what it sends on to the server."},
    {&kNoGreeting, false, "accepts the connection and does not greet",
     "A server that expects a PROXY header, and gets none, waits for it or closes."},
}};

struct Elsewhere {
  Tries again, plain, small;
  int named_header() const { return again.named_header + plain.named_header + small.named_header; }
  int replied() const { return again.replied + plain.replied + small.replied; }
  // The same with and without TLS, or on three tries.
  bool always_breaks() const { return plain.broke > 0 || again.broke >= 2; }
};

std::string told(const Elsewhere& others, bool over_tls) {
  const int broke = others.again.broke + others.plain.broke;
  const int silent = others.again.silent + others.plain.silent;
  if (others.named_header() > 0) return "Its error names the header.";
  if (broke == 0) return "It was tried once.";
  const bool both = over_tls && others.plain.broke > 0;
  const std::string count = silent > 0 ? std::to_string(broke + 1) : "all";
  return "It did so on " + count + " of " + std::to_string(broke + silent + 1) + " tries" +
         (both ? ", with and without TLS." : ".");
}

void add_proof(Verdict& verdict, const Tries& tries) {
  verdict.evidence.insert(verdict.evidence.end(), tries.proof.begin(), tries.proof.end());
}

Verdict weigh(const Case& about, Verdict verdict, const Look& look) {
  const Observation& failed = *about.evidence.find(verdict.evidence.front());
  const std::string& at = failed.endpoint;
  const Elsewhere others{tries_of(about, experiment::kRepeat, at),
                         tries_of(about, experiment::kWithoutTls, at),
                         tries_of(about, experiment::kSmallSegments, at)};
  if (others.replied() > 0) return Verdict::no("another try there had its login answered");
  if (look.pattern == &kNoGreeting &&
      (others.again.greeted > 0 || tls_first_at(about, at).came_to >= TlsFirst::answered))
    return Verdict::no("another try there was greeted, or answered by TLS");
  if (look.breaks_at_once && others.always_breaks()) {
    verdict.confidence = Confidence::likely;
    verdict.rank = kFirst;
  }
  if (names_proxy_header(failed) || others.named_header() > 0) {
    verdict.confidence = Confidence::certain;
    verdict.rank = kFirst - 10;
  }
  add_proof(verdict, others.again);
  add_proof(verdict, others.plain);
  verdict.bindings.emplace_back("breaks", look.breaks);
  verdict.bindings.emplace_back("why", look.why);
  verdict.bindings.emplace_back("tries", told(others, failed.phase == Phase::tls));
  return verdict;
}

Verdict match_header(const Case& about) {
  for (const Look& look : kLooks) {
    Verdict verdict = match(about, *look.pattern);
    if (verdict.matched) return weigh(about, std::move(verdict), look);
  }
  return Verdict::no(kMiss);
}

constexpr RemedyTemplate kHeaderRemedy[] = {
    {"See whether the load balancer sends a header.",
     "aws elbv2 describe-target-group-attributes --target-group-arn <target-group-arn> --query "
     "\"Attributes[?Key=='proxy_protocol_v2.enabled']\""},
    {"If it sends one and the server expects none (it greets, then breaks off): switch it off.",
     "aws elbv2 modify-target-group-attributes --target-group-arn <target-group-arn> --attributes "
     "Key=proxy_protocol_v2.enabled,Value=false"},
    {"If it sends none and the server expects one (no greeting comes): switch it on.",
     "aws elbv2 modify-target-group-attributes --target-group-arn <target-group-arn> --attributes "
     "Key=proxy_protocol_v2.enabled,Value=true"},
    {"Or change what the server expects, and from whom: proxy-protocol.networks in TiDB's "
     "configuration, proxy_protocol_networks in MariaDB's.",
     ""}};

const Cause kRows[] = {
    {"mysql-proxy-protocol-mismatch",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The load balancer sends a PROXY header that the server does not expect, or the reverse",
     "The greeting arrives; at our first packet the server closes, resets, stays silent or answers "
     "1043 or 1156, on every try. The reverse: no greeting, or a close in its place.",
     "The server at {address} {breaks}. {why} {tries}",
     kHeaderRemedy,
     "A server that crashes or restarts does it once; a PROXY header does it each time, whatever "
     "the user and TLS. tls-eof-during-handshake: without TLS the login is answered. "
     "tcp-mtu-blackhole: silence, and small segments get through.",
     "proxy_protocol_v2.enabled of the target group (aws elbv2 describe-target-group-attributes "
     "--target-group-arn <target-group-arn>) against the server's setting.",
     "TiDB pull request 36301; TiProxy issue 346; AWS, Network Load Balancer target groups",
     match_header,
     {},
     sign::seen(Phase::login) | sign::talk_failed},
};

}  // namespace

std::span<const Cause> header_causes() { return kRows; }

}  // namespace plumb::mysql
