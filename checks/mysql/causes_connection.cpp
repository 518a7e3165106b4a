// The greeting was there, but the login does not come to its end.
#include <chrono>
#include <string_view>

#include "checks/mysql/causes.hpp"
#include "checks/mysql/facts.hpp"
#include "checks/mysql/pattern.hpp"

namespace plumb::mysql {
namespace {

// What makes a server say so is not documented: the header of a load balancer is one reason of many.
constexpr Pattern kBadHandshake{[](const Observation& seen) { return is_error(seen, {1043}); },
                                Confidence::possible, Severity::error,
                                "no server complains about the handshake"};
constexpr Pattern kHandshakeTimeout{[](const Observation& seen) { return is_error(seen, {1159}); },
                                    Confidence::possible, Severity::error,
                                    "no server ran out of patience"};
// connect_timeout is 10 s by default, less what greeting and TLS took of it.
constexpr Micros kServerPatience = std::chrono::milliseconds(8500);
constexpr Pattern kSilentLogin{
    [](const Observation& seen) {
      const bool inside_tls = seen.phase == Phase::login && !is_first_packet(seen);
      return (is_gone(seen, Phase::login) && seen.took >= kServerPatience) ||
             (inside_tls && seen.failure == Failure::timed_out);
    },
    Confidence::possible, Severity::error, "no server ran out of patience", 115};
constexpr Pattern kPackets{[](const Observation& seen) {
                             return is_error(seen, {1153, 1156, 1158, 1160, 1161}) ||
                                    is_failure(seen, Phase::login, Failure::malformed_packet);
                           },
                           Confidence::likely, Severity::error,
                           "no packet broke the order of the protocol"};

constexpr RemedyTemplate kHandshakeRemedy[] = {
    {"See whether something between rewrites or prepends bytes: a PROXY header, an inspecting "
     "middlebox.",
     "aws elbv2 describe-target-group-attributes --target-group-arn <target-group-arn>"}};
constexpr RemedyTemplate kTimeoutRemedy[] = {
    {"Find the delay between greeting and login: packet loss on the path, or a server that is out "
     "of threads. "
     "connect_timeout is the server's limit.",
     "mysql -e \"SELECT @@connect_timeout\""}};
constexpr RemedyTemplate kPacketsRemedy[] = {
    {"See what stands between client and server: a proxy that changes packets, or a PROXY header.",
     "aws elbv2 describe-target-group-attributes --target-group-arn <target-group-arn>"},
    {"For 1153 raise max_allowed_packet.", "mysql -e \"SELECT @@max_allowed_packet\""}};

const Cause kRows[] = {
    {"mysql-bad-handshake-1043",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "The server does not understand the login packet",
     "Error 1043.",
     "The server at {address} answers our first packet with \"Bad handshake\". Possibly something "
     "changed or preceded it on the way.",
     kHandshakeRemedy,
     "The most frequent reason is mysql-proxy-protocol-mismatch.",
     "proxy_protocol_v2.enabled of the target group; a login straight to the server, past whatever "
     "stands between.",
     "MySQL sql/auth/sql_authentication.cc",
     by<kBadHandshake>,
     {},
     sign::talk_failed},
    {"mysql-connect-timeout-handshake",
     Layer::mysql,
     Severity::error,
     Owner::network,
     "The server ran out of patience during the handshake",
     "Error 1159; a close after about 10 s; or TLS is up and the login stays without an answer.",
     "Possibly the server at {address} got our answer to its greeting too late, or not at all.",
     kTimeoutRemedy,
     "mysql-proxy-protocol-mismatch breaks at once. A server that hangs is as silent.",
     "The server's log and its Aborted_connects: \"Got timeout reading communication packets\" "
     "means "
     "that our login did not arrive; nothing there, that the server hangs.",
     "MySQL manual, connect_timeout",
     by_either<kHandshakeTimeout, kSilentLogin>,
     {},
     sign::talk_failed},
    {"mysql-packet-too-large-or-out-of-order",
     Layer::mysql,
     Severity::error,
     Owner::endpoint_owner,
     "Packets do not follow the protocol",
     "Error 1153, 1156, 1158, 1160 or 1161, or a packet that is no answer to a "
     "login.",
     "The conversation with {address} lost its order: \"{banner}\".",
     kPacketsRemedy,
     "1156 at the login is mostly a PROXY header.",
     "A capture of the connection (tcpdump -s 0 -w login.pcap port {port}) on both sides of the "
     "load balancer.",
     "MySQL error reference",
     by<kPackets>,
     {},
     sign::talk_failed},
};

}  // namespace

std::span<const Cause> connection_causes() { return kRows; }

}  // namespace plumb::mysql
