// A world: where a client and its database stand, how everything between them is set, and at most a
// few settings that are wrong. What a run of plumb sees in it follows from walking the way as a
// packet does, so the truth is known before anything is diagnosed:
//
//   hosts file ► resolver ► this host ► its security group ► network ACL ► device on the way
//     ► endpoint's group ► endpoint ► listener ► the way back ► targets ► greeting ► TLS ► login
//
// Nothing here has seen checks/ or probe/diagnose/. The settings and the ids that name a wrong one
// are the failure catalogue's, which describes clouds and not rows; the server's side speaks through
// the stories of src/scenario_server.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/engine/settings.hpp"
#include "probe/model/target.hpp"
#include "probe/net/scripted_network.hpp"
#include "src/scenario_server.hpp"

namespace plumb::test {

enum class Provider : std::uint8_t { nowhere, aws, azure, gcp, alibaba };
// A name of the owner's own, an endpoint's own name, the provider's name inside private DNS.
enum class Naming : std::uint8_t { own, of_endpoint, private_dns };
enum class Family : std::uint8_t { v4, v6, both, v6_global };
// The cloud's own (or the site's), two that know the same, one of the client's making.
enum class Resolvers : std::uint8_t { cloud, two, custom };

// What is healthy in each of its values.
struct Setting {
  Provider provider = Provider::aws;
  Naming naming = Naming::own;
  Family family = Family::v4;
  int zones = 1;
  bool alias = false;  // the name is a CNAME
  TlsMode tls = TlsMode::preferred;
  bool account = false;
  Resolvers resolvers = Resolvers::cloud;
  bool metadata_hidden = false;  // a hop limit keeps the metadata service from answering
};

// The settings that may be wrong; the first value of each is right.
enum class HostsFile : std::uint8_t { silent, names_a_dead_address };
enum class NameAnswers : std::uint8_t {
  right,
  unknown,   // to every resolver: private DNS is off, or the name is mistyped
  all_mute,  // no resolver answers
  one_mute,  // one of two
  servfail,
  refused,
  without_private,  // the custom resolver leaves private addresses out
  bypasses_vpc,     // the custom resolver does not know private names
  custom_public,    // the custom resolver gives public addresses
  all_public,       // every resolver does
  stale,            // they lead to an address that is gone
  sunk              // to 0.0.0.0
};
enum class ThisHost : std::uint8_t { open, forbids, drops, no_route, no_ports };
enum class Acl : std::uint8_t { open, drops_requests };
enum class Device : std::uint8_t { none, prohibits, port_unreachable };
enum class EndpointGroup : std::uint8_t {
  open,
  closed,
  other_port_only,
  members_only,
  other_address_only
};
enum class EndpointState : std::uint8_t { accepted, pending, rejected };
enum class Listener : std::uint8_t { right, on_other_port };
enum class Targets : std::uint8_t { healthy, group_closed, stale, refuse };
enum class Zones : std::uint8_t { all_work, one_silent, one_refuses };
enum class AnswerAcl : std::uint8_t { open, drops_all, low_ports_only, high_ports_only };
enum class Greeting : std::uint8_t {
  right,
  mute,
  waits_for_lookup,
  waits_for_proxy_header,
  after_tls,
  eof,
  other_protocol,
  blocked_1129,
  not_allowed_1130,
  full_1040
};
enum class Handshake : std::uint8_t {
  right,
  not_offered,
  old_protocol,
  no_cipher,
  wants_certificate,
  eof
};
enum class Dates : std::uint8_t { right, expired, client_clock_ahead };
enum class Issuer : std::uint8_t { right, unknown, middlebox, self_signed, missing_intermediate };
enum class Login : std::uint8_t { right, wrong_password, account_locked, insists_on_tls };

struct World {
  Setting setting;
  HostsFile hosts = HostsFile::silent;
  NameAnswers names = NameAnswers::right;
  ThisHost this_host = ThisHost::open;
  bool client_group_closed = false;
  Acl acl = Acl::open;
  Device device = Device::none;
  EndpointGroup endpoint_group = EndpointGroup::open;
  EndpointState endpoint = EndpointState::accepted;
  Listener listener = Listener::right;
  Targets targets = Targets::healthy;
  Zones zones = Zones::all_work;
  AnswerAcl answer_acl = AnswerAcl::open;
  Greeting greeting = Greeting::right;
  bool large_segments_lost = false;
  Handshake handshake = Handshake::right;
  Dates dates = Dates::right;
  bool certificate_of_another_name = false;
  Issuer issuer = Issuer::right;
  Login login = Login::right;

  std::string host() const;
  std::uint16_t port() const;
  bool talks_tls() const;    // client and server agree on it
  bool verifies() const;     // the client verifies the chain
  bool knows_where() const;  // the metadata service answers
};

// The settings along the way, in its order; two wrong values of one place exclude each other.
enum class Place : std::uint8_t {
  hosts,
  names,
  this_host,
  client_group,
  acl,
  device,
  endpoint_group,
  endpoint,
  listener,
  answer_acl,  // what it drops on the way back hides whatever the targets answer
  targets,
  zones,
  greeting,
  segments,
  handshake,
  dates,
  certificate_name,
  issuer,
  login
};

// How far the evidence tells this fault from all others of the catalogue: one that is told stands
// first, of one that is not its name stands among the candidates.
enum class Told : std::uint8_t { among_others, surely };

using Ids = std::vector<std::string_view>;

struct Fault {
  std::string_view name;
  Place place;
  void (*breaks)(World&);
  bool (*possible)(const Setting&);
  Ids (*ids)(const World&);  // true in the world because of it, its own name first
  bool (*keeps_out)(const World&);
  Told (*told)(const World&);
};
std::span<const Fault> faults();

// All settings, in an order that is the same each time.
std::vector<Setting> settings();

std::string describe(const Setting& setting);

// What the program would be started with in that world, and what it would meet.
struct Scene {
  Target target;
  engine::Settings settings;
  net::ScriptedWorld world;
};
ServerStory server_of(const World& world, WallTime now);
Scene scene_of(const World& world, WallTime now);

}  // namespace plumb::test
