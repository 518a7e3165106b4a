// What can be wrong in a world, along the way of a packet, and by which ids the failure catalogue
// knows it. Where a fault is told from its look-alikes is the catalogue's word too (§2.0, §5): what
// sends an answer of its own is told; what drops a SYN is not, unless a follow-up sees the
// difference.
#include <array>

#include "tests/support/world.hpp"

namespace plumb::test {
namespace {

bool always(const World&) { return true; }
bool never(const World&) { return false; }
bool anywhere(const Setting&) { return true; }
bool in_aws(const Setting& s) {
  return s.provider == Provider::aws || s.provider == Provider::nowhere;
}
bool in_a_cloud(const Setting& s) { return s.provider != Provider::nowhere; }
bool with_custom_resolver(const Setting& s) {
  return s.resolvers == Resolvers::custom && in_a_cloud(s);
}
bool verified(const World& w) { return w.talks_tls() && w.verifies(); }
bool in_tls(const World& w) { return w.talks_tls(); }
Told surely(const World&) { return Told::surely; }
Told among_others(const World&) { return Told::among_others; }
Told surely_if(bool told) { return told ? Told::surely : Told::among_others; }

// The same filter has a name in each cloud.
template <class Word>
Ids in_the_words_of(const World& w, Word aws, Word azure, Word gcp, Word alibaba) {
  switch (w.setting.provider) {
    case Provider::azure:
      return {azure};
    case Provider::gcp:
      return {gcp};
    case Provider::alibaba:
      return {alibaba};
    default:
      return {aws};
  }
}

constexpr Fault kNaming[] = {
    {"hosts file names a dead address", Place::hosts,
     [](World& w) { w.hosts = HostsFile::names_a_dead_address; }, anywhere,
     [](const World&) -> Ids { return {"dns-hosts-file-override"}; }, always,
     [](const World& w) {
       return surely_if(w.names == NameAnswers::right || w.names == NameAnswers::one_mute);
     }},
    {"name unknown", Place::names, [](World& w) { w.names = NameAnswers::unknown; }, anywhere,
     [](const World& w) -> Ids {
       if (w.setting.naming != Naming::private_dns) return {"dns-nxdomain"};
       if (w.setting.provider == Provider::nowhere) return {"dns-onprem-forwarder-missing"};
       return {"dns-private-dns-not-enabled"};
     },
     always, [](const World& w) { return surely_if(w.setting.naming != Naming::private_dns); }},
    {"all resolvers mute", Place::names, [](World& w) { w.names = NameAnswers::all_mute; },
     anywhere,
     [](const World& w) -> Ids {
       const bool own = w.setting.provider == Provider::aws;
       return own ? Ids{"dns-resolver-timeout", "dns-vpc-attributes-disabled"}
                  : Ids{"dns-resolver-timeout"};
     },
     always, surely},
    {"one resolver of two mute", Place::names, [](World& w) { w.names = NameAnswers::one_mute; },
     [](const Setting& s) { return s.resolvers == Resolvers::two; },
     [](const World&) -> Ids { return {"dns-resolver-timeout"}; }, never, surely},
    {"resolver broken", Place::names, [](World& w) { w.names = NameAnswers::servfail; }, anywhere,
     [](const World&) -> Ids { return {"dns-servfail"}; }, always, surely},
    {"resolver refuses", Place::names, [](World& w) { w.names = NameAnswers::refused; }, anywhere,
     [](const World&) -> Ids { return {"dns-refused"}; }, always, surely},
    {"resolver strips private answers", Place::names,
     [](World& w) { w.names = NameAnswers::without_private; },
     [](const Setting& s) { return with_custom_resolver(s) && s.family != Family::v6_global; },
     [](const World&) -> Ids { return {"dns-rebinding-filtered"}; }, always, among_others},
    {"custom resolver bypasses the VPC", Place::names,
     [](World& w) { w.names = NameAnswers::bypasses_vpc; }, with_custom_resolver,
     [](const World&) -> Ids { return {"dns-custom-resolver-bypasses-vpc"}; }, always,
     [](const World& w) {
       return surely_if(w.knows_where() && w.setting.naming == Naming::private_dns);
     }},
    {"custom resolver gives public addresses", Place::names,
     [](World& w) { w.names = NameAnswers::custom_public; },
     [](const Setting& s) { return with_custom_resolver(s) && s.naming != Naming::own; },
     // Which resolver would know better, only where-am-I tells.
     [](const World& w) -> Ids {
       if (!w.knows_where()) return {"dns-resolves-to-public-ip"};
       return {"dns-custom-resolver-bypasses-vpc", "dns-resolves-to-public-ip"};
     },
     always, [](const World& w) { return surely_if(w.knows_where()); }},
    {"public addresses everywhere", Place::names,
     [](World& w) { w.names = NameAnswers::all_public; },
     [](const Setting& s) { return s.naming != Naming::own; },
     [](const World&) -> Ids { return {"dns-resolves-to-public-ip"}; }, always,
     // A global IPv6 address may be that of an endpoint, as far as nobody knows the ranges.
     [](const World& w) {
       const bool v4 = w.setting.family == Family::v4 || w.setting.family == Family::both;
       return surely_if(v4 || w.knows_where());
     }},
    {"record of an endpoint that is gone", Place::names,
     [](World& w) { w.names = NameAnswers::stale; },
     [](const Setting& s) { return s.naming != Naming::own; },
     [](const World&) -> Ids { return {"dns-stale-record-after-endpoint-recreate"}; }, always,
     among_others},
    // Who connects to 0.0.0.0 is refused by this host itself.
    {"sinkhole", Place::names, [](World& w) { w.names = NameAnswers::sunk; }, anywhere,
     [](const World&) -> Ids {
       return {"dns-firewall-or-sinkhole-override", "tcp-refused-no-listener"};
     },
     always, surely},
};

constexpr Fault kWay[] = {
    {"this host forbids", Place::this_host, [](World& w) { w.this_host = ThisHost::forbids; },
     anywhere, [](const World&) -> Ids { return {"tcp-local-firewall"}; }, always, surely},
    {"this host drops", Place::this_host, [](World& w) { w.this_host = ThisHost::drops; }, anywhere,
     [](const World&) -> Ids { return {"tcp-local-firewall"}; }, always, surely},
    {"no route", Place::this_host, [](World& w) { w.this_host = ThisHost::no_route; }, anywhere,
     [](const World& w) -> Ids {
       if (w.setting.family == Family::v4) return {"tcp-no-route"};
       if (w.setting.family == Family::both)
         return {"tcp-no-route", "dns-aaaa-only-or-unusable-family"};
       return {"dns-aaaa-only-or-unusable-family", "tcp-no-route"};
     },
     always, surely},
    {"no local port left", Place::this_host, [](World& w) { w.this_host = ThisHost::no_ports; },
     anywhere, [](const World&) -> Ids { return {"tcp-client-ephemeral-exhausted"}; }, always,
     surely},
    {"client's group closed", Place::client_group, [](World& w) { w.client_group_closed = true; },
     in_a_cloud,
     [](const World& w) {
       return in_the_words_of(w, "tcp-client-sg-egress-blocked", "tcp-azure-nsg-or-udr",
                              "tcp-gcp-egress-firewall", "tcp-alibaba-sg-blocks");
     },
     always, among_others},
    {"network ACL drops requests", Place::acl, [](World& w) { w.acl = Acl::drops_requests; },
     in_aws, [](const World&) -> Ids { return {"tcp-nacl-blocks-forward"}; }, always, among_others},
    {"firewall prohibits", Place::device, [](World& w) { w.device = Device::prohibits; }, anywhere,
     [](const World&) -> Ids { return {"tcp-icmp-admin-prohibited"}; }, always, surely},
    {"firewall says port unreachable", Place::device,
     [](World& w) { w.device = Device::port_unreachable; }, anywhere,
     [](const World&) -> Ids { return {"tcp-icmp-admin-prohibited"}; }, always, surely},
    {"endpoint's group closed", Place::endpoint_group,
     [](World& w) { w.endpoint_group = EndpointGroup::closed; },
     [](const Setting& s) { return s.provider != Provider::gcp; },
     [](const World& w) {
       return in_the_words_of(w, "tcp-endpoint-sg-blocks-port", "tcp-azure-nsg-or-udr", "",
                              "tcp-alibaba-sg-blocks");
     },
     always, among_others},
    {"endpoint's group admits another port", Place::endpoint_group,
     [](World& w) { w.endpoint_group = EndpointGroup::other_port_only; },
     [](const Setting& s) { return s.provider != Provider::gcp; },
     [](const World& w) {
       return in_the_words_of(w, "tcp-endpoint-sg-blocks-port", "tcp-azure-nsg-or-udr", "",
                              "tcp-alibaba-sg-blocks");
     },
     always, among_others},
    {"endpoint's group is the default one", Place::endpoint_group,
     [](World& w) { w.endpoint_group = EndpointGroup::members_only; }, in_aws,
     [](const World&) -> Ids { return {"tcp-endpoint-default-sg"}; }, always, among_others},
    {"endpoint's group admits another address", Place::endpoint_group,
     [](World& w) { w.endpoint_group = EndpointGroup::other_address_only; }, in_aws,
     [](const World&) -> Ids { return {"tcp-endpoint-sg-blocks-port"}; }, always, among_others},
    {"endpoint pending", Place::endpoint, [](World& w) { w.endpoint = EndpointState::pending; },
     anywhere,
     [](const World& w) {
       return in_the_words_of(w, "cloud-endpoint-pending-acceptance",
                              "cloud-azure-connection-not-approved", "cloud-psc-not-accepted",
                              "cloud-alibaba-endpoint-not-connected");
     },
     always, among_others},
    {"endpoint rejected", Place::endpoint, [](World& w) { w.endpoint = EndpointState::rejected; },
     in_aws, [](const World&) -> Ids { return {"tcp-endpoint-rejected-or-deleted"}; }, always,
     among_others},
    {"listener on another port", Place::listener,
     [](World& w) { w.listener = Listener::on_other_port; }, in_aws,
     [](const World&) -> Ids {
       return {"cloud-provider-nlb-listener-missing", "tcp-wrong-port-silent-drop"};
     },
     always, among_others},
    {"targets' group closed", Place::targets, [](World& w) { w.targets = Targets::group_closed; },
     anywhere, [](const World&) -> Ids { return {"tcp-target-sg-missing-nlb"}; }, always,
     among_others},
    {"targets stale", Place::targets, [](World& w) { w.targets = Targets::stale; }, anywhere,
     [](const World&) -> Ids { return {"tcp-target-ip-stale"}; }, always, among_others},
    {"targets refuse", Place::targets, [](World& w) { w.targets = Targets::refuse; }, anywhere,
     [](const World&) -> Ids { return {"tcp-refused-no-listener"}; }, always, surely},
    {"one zone silent", Place::zones, [](World& w) { w.zones = Zones::one_silent; },
     [](const Setting& s) { return s.zones > 1; },
     [](const World&) -> Ids {
       return {"tcp-partial-az-failure", "tcp-nlb-no-target-in-az"};
     },
     never, surely},
    {"one zone refuses", Place::zones, [](World& w) { w.zones = Zones::one_refuses; },
     [](const Setting& s) { return s.zones > 1; },
     [](const World&) -> Ids {
       return {"tcp-partial-az-failure", "tcp-refused-no-listener"};
     },
     never, surely},
    {"network ACL drops answers", Place::answer_acl,
     [](World& w) { w.answer_acl = AnswerAcl::drops_all; }, in_aws,
     [](const World&) -> Ids { return {"tcp-nacl-blocks-ephemeral-return"}; }, always,
     among_others},
    // The follow-ups go to the first silent address: it must be one that fails for this reason.
    {"network ACL lets low ports back", Place::answer_acl,
     [](World& w) { w.answer_acl = AnswerAcl::low_ports_only; }, in_aws,
     [](const World&) -> Ids { return {"tcp-nacl-blocks-ephemeral-return"}; }, always,
     [](const World& w) {
       return surely_if(w.zones == Zones::all_work && w.targets == Targets::healthy);
     }},
    {"network ACL lets high ports back", Place::answer_acl,
     [](World& w) { w.answer_acl = AnswerAcl::high_ports_only; }, in_aws,
     [](const World&) -> Ids { return {"tcp-nacl-blocks-ephemeral-return"}; }, always,
     [](const World& w) {
       return surely_if(w.zones == Zones::all_work && w.targets == Targets::healthy);
     }},
};

constexpr Fault kTalk[] = {
    {"server mute", Place::greeting, [](World& w) { w.greeting = Greeting::mute; }, anywhere,
     [](const World&) -> Ids { return {"mysql-no-greeting-timeout"}; }, always, among_others},
    {"server waits for a reverse lookup", Place::greeting,
     [](World& w) { w.greeting = Greeting::waits_for_lookup; }, anywhere,
     [](const World&) -> Ids {
       return {"mysql-hostname-lookup-1042", "mysql-no-greeting-timeout"};
     },
     always, among_others},
    {"server waits for a PROXY header", Place::greeting,
     [](World& w) { w.greeting = Greeting::waits_for_proxy_header; }, anywhere,
     [](const World&) -> Ids {
       return {"mysql-proxy-protocol-mismatch", "mysql-no-greeting-timeout"};
     },
     always, among_others},
    {"greeting only inside TLS", Place::greeting,
     [](World& w) { w.greeting = Greeting::after_tls; }, anywhere,
     [](const World&) -> Ids {
       return {"tls-direct-before-greeting", "mysql-no-greeting-timeout"};
     },
     always,
     [](const World& w) {
       return surely_if(w.handshake == Handshake::right && !w.large_segments_lost);
     }},
    {"server closes at once", Place::greeting, [](World& w) { w.greeting = Greeting::eof; },
     anywhere, [](const World&) -> Ids { return {"mysql-eof-before-greeting"}; }, always, surely},
    {"another protocol", Place::greeting, [](World& w) { w.greeting = Greeting::other_protocol; },
     anywhere, [](const World&) -> Ids { return {"mysql-not-mysql-server"}; }, always, surely},
    {"host blocked", Place::greeting, [](World& w) { w.greeting = Greeting::blocked_1129; },
     anywhere, [](const World&) -> Ids { return {"mysql-host-blocked-1129"}; }, always, surely},
    {"host not allowed", Place::greeting, [](World& w) { w.greeting = Greeting::not_allowed_1130; },
     anywhere, [](const World&) -> Ids { return {"mysql-host-not-allowed-1130"}; }, always, surely},
    {"server full", Place::greeting, [](World& w) { w.greeting = Greeting::full_1040; }, anywhere,
     [](const World&) -> Ids { return {"mysql-too-many-connections-1040"}; }, always, surely},
    // What small segments reach must be a conversation that goes through.
    {"large segments lost", Place::segments, [](World& w) { w.large_segments_lost = true; },
     anywhere, [](const World&) -> Ids { return {"tcp-mtu-blackhole"}; }, in_tls,
     [](const World& w) { return surely_if(w.handshake == Handshake::right); }},
    {"server without TLS", Place::handshake, [](World& w) { w.handshake = Handshake::not_offered; },
     anywhere, [](const World&) -> Ids { return {"tls-server-without-ssl"}; },
     [](const World& w) { return w.setting.tls >= TlsMode::required; }, surely},
    {"server of an old protocol", Place::handshake,
     [](World& w) { w.handshake = Handshake::old_protocol; }, anywhere,
     [](const World&) -> Ids { return {"tls-protocol-version"}; }, in_tls, surely},
    {"no common cipher", Place::handshake, [](World& w) { w.handshake = Handshake::no_cipher; },
     anywhere, [](const World&) -> Ids { return {"tls-no-shared-cipher"}; }, in_tls, among_others},
    {"server wants a certificate", Place::handshake,
     [](World& w) { w.handshake = Handshake::wants_certificate; }, anywhere,
     [](const World&) -> Ids { return {"tls-client-cert-required"}; }, in_tls, surely},
    {"TLS cut off", Place::handshake, [](World& w) { w.handshake = Handshake::eof; }, anywhere,
     [](const World&) -> Ids { return {"tls-eof-during-handshake"}; }, in_tls, surely},
    {"certificate expired", Place::dates, [](World& w) { w.dates = Dates::expired; }, anywhere,
     [](const World&) -> Ids { return {"tls-certificate-expired"}; }, verified,
     [](const World& w) { return surely_if(w.knows_where()); }},
    {"client's clock ahead", Place::dates, [](World& w) { w.dates = Dates::client_clock_ahead; },
     anywhere, [](const World&) -> Ids { return {"tls-clock-skew"}; }, verified,
     [](const World& w) { return surely_if(w.knows_where()); }},
    {"certificate of another name", Place::certificate_name,
     [](World& w) { w.certificate_of_another_name = true; }, anywhere,
     [](const World&) -> Ids { return {"tls-hostname-mismatch"}; },
     [](const World& w) { return verified(w) && w.setting.tls == TlsMode::verify_full; },
     [](const World& w) { return surely_if(w.issuer == Issuer::right); }},
    {"CA of another deployment", Place::issuer, [](World& w) { w.issuer = Issuer::unknown; },
     anywhere,
     [](const World&) -> Ids {
       return {"tls-wrong-ca-for-deployment", "tls-self-signed-in-chain"};
     },
     verified, among_others},
    {"middlebox", Place::issuer, [](World& w) { w.issuer = Issuer::middlebox; }, anywhere,
     [](const World&) -> Ids {
       return {"tls-middlebox-intercept", "tls-self-signed-in-chain"};
     },
     verified, among_others},
    {"self-signed", Place::issuer, [](World& w) { w.issuer = Issuer::self_signed; }, anywhere,
     [](const World&) -> Ids { return {"tls-self-signed-leaf"}; }, verified, surely},
    {"intermediate missing", Place::issuer,
     [](World& w) { w.issuer = Issuer::missing_intermediate; }, anywhere,
     [](const World&) -> Ids { return {"tls-server-missing-intermediate"}; }, verified,
     among_others},
    {"wrong password", Place::login, [](World& w) { w.login = Login::wrong_password; },
     [](const Setting& s) { return s.account; },
     [](const World&) -> Ids { return {"mysql-access-denied-1045"}; }, always, among_others},
    {"account locked", Place::login, [](World& w) { w.login = Login::account_locked; },
     [](const Setting& s) { return s.account; },
     [](const World&) -> Ids { return {"mysql-account-locked-3118"}; }, always, surely},
    {"server insists on TLS", Place::login, [](World& w) { w.login = Login::insists_on_tls; },
     [](const Setting& s) { return s.tls == TlsMode::off; },
     [](const World&) -> Ids { return {"mysql-secure-transport-3159"}; }, always, surely},
};

bool exists(const Setting& s) {
  if (s.naming != Naming::own && s.provider != Provider::aws && s.provider != Provider::nowhere)
    return false;
  if (s.family == Family::v6_global && s.provider != Provider::aws) return false;
  return !s.metadata_hidden || s.provider == Provider::aws;
}

template <class T, std::size_t N>
T choose(const std::array<T, N>& values, std::size_t& number) {
  const T chosen = values[number % N];
  number /= N;
  return chosen;
}

}  // namespace

std::span<const Fault> faults() {
  static const std::vector<Fault> all = [] {
    std::vector<Fault> joined;
    for (const std::span<const Fault> part :
         {std::span<const Fault>(kNaming), std::span<const Fault>(kWay),
          std::span<const Fault>(kTalk)})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

std::vector<Setting> settings() {
  constexpr std::size_t kAll = 5 * 3 * 4 * 3 * 2 * 5 * 2 * 3 * 2;
  std::vector<Setting> all;
  for (std::size_t i = 0; i < kAll; ++i) {
    std::size_t n = i;
    Setting s;
    s.metadata_hidden = choose(std::array{false, true}, n);
    s.account = choose(std::array{false, true}, n);
    s.alias = choose(std::array{false, true}, n);
    s.zones = choose(std::array{1, 2, 3}, n);
    s.resolvers = choose(std::array{Resolvers::cloud, Resolvers::two, Resolvers::custom}, n);
    s.tls = choose(std::array{TlsMode::off, TlsMode::preferred, TlsMode::required,
                              TlsMode::verify_ca, TlsMode::verify_full},
                   n);
    s.family = choose(std::array{Family::v4, Family::v6, Family::both, Family::v6_global}, n);
    s.naming = choose(std::array{Naming::own, Naming::of_endpoint, Naming::private_dns}, n);
    s.provider = choose(std::array{Provider::nowhere, Provider::aws, Provider::azure, Provider::gcp,
                                   Provider::alibaba},
                        n);
    if (exists(s)) all.push_back(s);
  }
  return all;
}

std::string describe(const Setting& s) {
  static constexpr const char* kProviders[] = {"nowhere", "aws", "azure", "gcp", "alibaba"};
  static constexpr const char* kNamings[] = {"own name", "endpoint's name", "private DNS name"};
  static constexpr const char* kFamilies[] = {"v4", "v6", "v4+v6", "global v6"};
  static constexpr const char* kResolvers[] = {"own resolver", "two resolvers", "custom resolver"};
  return std::string(kProviders[static_cast<int>(s.provider)]) + ", " +
         kNamings[static_cast<int>(s.naming)] + ", " + kFamilies[static_cast<int>(s.family)] +
         ", " + std::to_string(s.zones) + " zones, " + (s.alias ? "alias, " : "") + "tls " +
         std::string(to_string(s.tls)) + (s.account ? ", account, " : ", anonymous, ") +
         kResolvers[static_cast<int>(s.resolvers)] + (s.metadata_hidden ? ", hidden metadata" : "");
}

}  // namespace plumb::test
