// Follow-up experiments: what is tried beside the first pass to tell look-alikes apart (failure
// catalogue §2.0). Every observation that a follow-up makes carries `path.experiment` with its name,
// and `after` leads to the observation that prompted it. A follow-up is evidence about the causes;
// it is no way to the target: whether a client gets through is judged by the first pass alone.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "probe/model/case.hpp"

namespace plumb::experiment {

inline constexpr std::string_view kSecondPort = "second-port";  // the other ports of the address
inline constexpr std::string_view kRegionalName = "regional-name";
inline constexpr std::string_view kZonalName = "zonal-name";
inline constexpr std::string_view kCloudResolver = "cloud-resolver";
inline constexpr std::string_view kResolverOverTcp = "resolver-over-tcp";
inline constexpr std::string_view kControl = "control";  // something that must work from here
inline constexpr std::string_view kRepeat = "repeat";
inline constexpr std::string_view kSourceAddress = "source-address";
inline constexpr std::string_view kSourcePort = "source-port";
inline constexpr std::string_view kWithTls = "with-tls";
inline constexpr std::string_view kWithoutTls = "without-tls";
inline constexpr std::string_view kTlsFirst = "tls-first";  // a ClientHello before any greeting
inline constexpr std::string_view kSmallSegments = "small-segments";
inline constexpr std::string_view kPathTrace = "path-trace";
// The address that a load balancer was told, where the name leads elsewhere by now.
inline constexpr std::string_view kPinnedTarget = "pinned-target";

inline constexpr std::array kAll{kSecondPort,      kRegionalName, kZonalName,   kCloudResolver,
                                 kResolverOverTcp, kControl,      kRepeat,      kSourceAddress,
                                 kSourcePort,      kWithTls,      kWithoutTls,  kTlsFirst,
                                 kSmallSegments,   kPathTrace,    kPinnedTarget};

// What was seen before any follow-up; their observations are always numbered behind it.
std::span<const Observation> first_pass(const Evidence& evidence);

// Empty: the first pass.
std::string_view name_of(const Observation& seen);
inline bool is_followup(const Observation& seen) { return !name_of(seen).empty(); }

// One run of an experiment that connected, or tried to: from its connect to its last step.
struct Path {
  const Observation* connect = nullptr;
  const Observation* last = nullptr;  // the farthest step, connect itself if nothing followed
  int connect_n = 0, last_n = 0;

  bool connected() const { return !connect->failure; }
  bool greeted() const;  // the greeting of a MySQL server, or its error packet, came
  // The login was answered, whatever the answer: the whole way works.
  bool answered() const {
    return last->phase == Phase::session || (last->phase == Phase::login && !last->failure);
  }
};

std::vector<Path> paths(const Case& about, std::string_view experiment);
// Its resolve steps.
std::vector<int> questions(const Case& about, std::string_view experiment);
// Its observations, whatever the phase.
std::vector<int> all(const Case& about, std::string_view experiment);

}  // namespace plumb::experiment
