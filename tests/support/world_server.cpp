// How the server of a world behaves behind its connect, told as a story that the real exchange reads.
#include <yaml-cpp/yaml.h>

#include <string>

#include "src/scenario_story.hpp"
#include "tests/support/world.hpp"

namespace plumb::test {
namespace {

std::string certificate_story(const World& world) {
  const std::string name =
      world.certificate_of_another_name ? "elsewhere.example.net" : world.host();
  std::string story = "{names: [" + name + "]";
  // Seen by the client's own clock.
  if (world.dates == Dates::expired) story += ", expires_in: -3d, lifetime: 90d";
  if (world.dates == Dates::client_clock_ahead) story += ", expires_in: -40d, lifetime: 90d";
  switch (world.issuer) {
    case Issuer::unknown:
      story +=
          ", verify_code: 19, verify_text: self-signed certificate in certificate chain, chain: "
          "[\"CN=Other Root CA\", \"CN=Other Root CA\"]";
      break;
    case Issuer::middlebox:
      story +=
          ", verify_code: 19, verify_text: self-signed certificate in certificate chain, issuer: "
          "\"CN=Inspection CA,O=Example Corp\", chain: [\"CN=Inspection Root,O=Example Corp\", "
          "\"CN=Inspection Root,O=Example Corp\"]";
      break;
    case Issuer::self_signed:
      story += ", subject: CN=" + name + ", issuer: CN=" + name +
               ", verify_code: 18, verify_text: self-signed certificate";
      break;
    case Issuer::missing_intermediate:
      story +=
          ", issuer: \"CN=Issuing CA,O=Example\", chain: [], verify_code: 20, verify_text: unable "
          "to get local issuer certificate";
      break;
    default:
      break;
  }
  return story + ", trust_subjects: [\"CN=Example Root CA\"]}";
}

std::string tls_story(const World& world) {
  const bool mute = world.greeting == Greeting::mute ||
                    world.greeting == Greeting::waits_for_lookup ||
                    world.greeting == Greeting::waits_for_proxy_header;
  if (mute) return "silent";  // whatever it hears
  switch (world.handshake) {
    case Handshake::old_protocol:
      return "{failure: tls_alert, alert: 70, alert_name: protocol_version}";
    case Handshake::no_cipher:
      return "{failure: tls_alert, alert: 40, alert_name: handshake_failure}";
    case Handshake::wants_certificate:
      return "{failure: tls_alert, alert: 116, alert_name: certificate_required}";
    case Handshake::eof:
      return "{failure: tls_eof}";
    default:
      return certificate_story(world);
  }
}

std::string greeting_story(const World& world) {
  const std::string version =
      world.setting.naming == Naming::private_dns ? "8.0.11-TiDB-v7.5.1" : "8.0.36";
  switch (world.greeting) {
    case Greeting::mute:
    case Greeting::waits_for_lookup:
    case Greeting::waits_for_proxy_header:
      return "greeting: silent";
    case Greeting::eof:
      return "greeting: eof";
    case Greeting::other_protocol:
      return "says: \"SSH-2.0-OpenSSH_9.2p1\\r\\n\"";
    case Greeting::blocked_1129:
      return "greeting: {error: 1129, text: \"Host '10.1.0.5' is blocked because of many "
             "connection errors; unblock with 'mysqladmin flush-hosts'\"}";
    case Greeting::not_allowed_1130:
      return "greeting: {error: 1130, text: \"Host '10.1.0.5' is not allowed to connect to this "
             "MySQL server\"}";
    case Greeting::full_1040:
      return "greeting: {error: 1040, sqlstate: \"08004\", text: Too many connections}";
    default:
      return std::string(world.greeting == Greeting::after_tls ? "tls_first: true, " : "") +
             "greeting: {version: " + version + ", plugin: caching_sha2_password, tls: " +
             (world.handshake == Handshake::not_offered ? "false}" : "true}");
  }
}

std::string login_story(const World& world) {
  switch (world.login) {
    case Login::wrong_password:
      return "login: {error: 1045, text: \"Access denied for user 'app'@'10.1.0.5' (using "
             "password: YES)\"}";
    case Login::account_locked:
      return "login: {error: 3118, sqlstate: HY000, text: \"Access denied for user "
             "'app'@'10.1.0.5'. Account is locked.\"}";
    case Login::insists_on_tls: {
      const std::string refusal =
          "{error: 3159, sqlstate: HY000, text: Connections using insecure transport are "
          "prohibited while --require_secure_transport=ON.}";
      return "anonymous: " + refusal + ", login: " + refusal;
    }
    default:
      return "login: {sha2: fast}";
  }
}

}  // namespace

ServerStory server_of(const World& world, WallTime now) {
  const std::string story =
      "{" + greeting_story(world) + ", tls: " + tls_story(world) + ", " + login_story(world) + "}";
  return read_server_story(YAML::Load(story), now);
}

}  // namespace plumb::test
