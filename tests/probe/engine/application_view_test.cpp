#include "probe/engine/application_view.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "probe/model/keys.hpp"

namespace plumb::engine {
namespace {

using Texts = std::vector<std::string>;
using net::DnsReply;
using wire::DnsType;

constexpr int kServFail = 2, kNxDomain = 3, kRefused = 5;

std::vector<Address> parsed(const Texts& texts) {
  std::vector<Address> addresses;
  for (const auto& text : texts) addresses.push_back(Address::parse(text).value());
  return addresses;
}

Texts texts(const std::vector<Address>& addresses) { return as_texts(addresses); }

DnsReply message(int rcode, const Texts& addresses = {}) {
  DnsReply reply;
  reply.message.emplace();
  reply.message->rcode = rcode;
  reply.message->addresses = parsed(addresses);
  reply.tries = 1;
  return reply;
}

DnsReply failed(Failure failure) {
  DnsReply reply;
  reply.failure = failure;
  return reply;
}

// A host's files and what its resolvers say.
struct World {
  net::NameConfig config;
  std::map<std::tuple<std::string, std::string, DnsType>, DnsReply> replies;
  std::map<std::string, DnsReply> otherwise;  // by resolver: to everything else

  World(std::string_view resolv, std::string_view hosts = "",
        std::string_view nsswitch = "hosts: files dns\n") {
    config.resolv = wire::parse_resolv_conf(resolv);
    config.hosts = wire::parse_hosts(hosts);
    config.nsswitch = wire::parse_nsswitch(nsswitch);
  }
  World& says(const std::string& resolver, const std::string& name, DnsReply a,
              DnsReply aaaa = message(0)) {
    replies[{resolver, name, DnsType::a}] = std::move(a);
    replies[{resolver, name, DnsType::aaaa}] = std::move(aaaa);
    return *this;
  }
  World& always(const std::string& resolver, DnsReply reply) {
    otherwise[resolver] = std::move(reply);
    return *this;
  }
  NameView view(const std::string& host, bool v4 = true, bool v6 = true) const {
    const auto resolvers = resolvers_in_use(config);
    const auto names = names_to_ask(config, host);
    const ReplyLookup lookup = [&](std::size_t resolver, std::size_t name, DnsType type) {
      const std::string who = resolvers[resolver].address.to_string();
      const auto found = replies.find({who, names[name], type});
      if (found != replies.end()) return &found->second;
      const auto rest = otherwise.find(who);
      return rest == otherwise.end() ? nullptr : &rest->second;
    };
    return derive(config, resolvers, names, host, lookup, v4, v6);
  }
};

const std::string kOne = "10.0.0.1", kTwo = "10.0.0.2";
constexpr const char* kOneResolver = "nameserver 10.0.0.1\n";
constexpr const char* kTwoResolvers = "nameserver 10.0.0.1\nnameserver 10.0.0.2\n";

TEST(NamesToAsk, FollowsNdotsAndSearchList) {
  const auto names = [](const char* resolv, const char* host) {
    return names_to_ask(World(resolv).config, host);
  };
  EXPECT_EQ(names("search a.x b.x\n", "db"), (Texts{"db.a.x", "db.b.x", "db"}));
  EXPECT_EQ(names("search a.x b.x\n", "db.y"), (Texts{"db.y", "db.y.a.x", "db.y.b.x"}));
  EXPECT_EQ(names("search a.x\noptions ndots:5\n", "db.y.z"), (Texts{"db.y.z.a.x", "db.y.z"}));
  EXPECT_EQ(names("search a.x\noptions ndots:0\n", "db"), (Texts{"db", "db.a.x"}));
  EXPECT_EQ(names("search a.x\noptions ndots:5\n", "db.y."), Texts{"db.y"});
  EXPECT_EQ(names("", "db"), Texts{"db"});
  EXPECT_EQ(names("search . a.x\noptions ndots:2\n", "db"), (Texts{"db", "db.a.x"}));
}

TEST(ResolversInUse, ThreeAtMostAndLoopbackWithoutAny) {
  const auto four =
      World("nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n");
  EXPECT_EQ(resolvers_in_use(four.config).size(), 3u);
  const auto none = resolvers_in_use(World("").config);
  ASSERT_EQ(none.size(), 1u);
  EXPECT_EQ(none[0].to_string(), "127.0.0.1:53");
}

TEST(Derive, TakesBothFamiliesFromTheFirstResolver) {
  const auto view = World(kTwoResolvers)
                        .says(kOne, "db.x", message(0, {"10.1.0.1"}), message(0, {"2001:db8::1"}))
                        .says(kTwo, "db.x", message(0, {"10.1.0.1"}), message(0, {"2001:db8::1"}))
                        .view("db.x");
  EXPECT_EQ(texts(view.addresses), (Texts{"10.1.0.1", "2001:db8::1"}));
  EXPECT_EQ(view.source, "dns");
  EXPECT_EQ(view.resolver->to_string(), "10.0.0.1:53");
  EXPECT_EQ(view.searched, Texts{"db.x"});
  EXPECT_EQ(view.nsswitch, (Texts{"files", "dns"}));
  EXPECT_FALSE(view.failure);
  EXPECT_FALSE(view.ask_system);
}

TEST(Derive, ErrorsAndSilenceGoToTheNextResolver) {
  for (const auto& first :
       {message(kServFail), message(kRefused), message(4), failed(Failure::timed_out),
        failed(Failure::refused), failed(Failure::malformed_answer)}) {
    const auto view = World(kTwoResolvers)
                          .always(kOne, first)
                          .says(kTwo, "db.x", message(0, {"10.1.0.1"}))
                          .view("db.x");
    EXPECT_EQ(texts(view.addresses), Texts{"10.1.0.1"});
    EXPECT_EQ(view.resolver->to_string(), "10.0.0.2:53");
    EXPECT_FALSE(view.ask_system) << "a resolver without an answer contradicts nobody";
  }
}

TEST(Derive, NxdomainOfTheFirstResolverIsFinalAndTheContradictionShows) {
  const auto view = World(kTwoResolvers)
                        .always(kOne, message(kNxDomain))
                        .says(kTwo, "db.x", message(0, {"10.1.0.1"}))
                        .view("db.x");
  EXPECT_TRUE(view.addresses.empty());
  EXPECT_EQ(view.failure, Failure::nxdomain);
  EXPECT_EQ(view.raw, "NXDOMAIN");
  EXPECT_EQ(view.resolver->to_string(), "10.0.0.1:53");
  EXPECT_TRUE(view.ask_system);
}

TEST(Derive, OrderOfAddressesIsNoContradiction) {
  const auto view = World(kTwoResolvers)
                        .says(kOne, "db.x", message(0, {"10.1.0.1", "10.1.0.2"}))
                        .says(kTwo, "db.x", message(0, {"10.1.0.2", "10.1.0.1"}))
                        .view("db.x");
  EXPECT_FALSE(view.ask_system);
}

TEST(Derive, FailuresAreThoseOfTheResolvers) {
  const std::vector<std::pair<DnsReply, Failure>> cases{
      {message(kNxDomain), Failure::nxdomain},
      {message(0), Failure::nodata},
      {message(kServFail), Failure::servfail},
      {message(kRefused), Failure::query_refused},
      {failed(Failure::timed_out), Failure::timed_out},
      {failed(Failure::refused), Failure::refused}};
  for (const auto& [reply, failure] : cases)
    EXPECT_EQ(World(kTwoResolvers).always(kOne, reply).always(kTwo, reply).view("db.x").failure,
              failure)
        << to_string(failure);
}

TEST(Derive, SearchGoesOnUntilAName) {
  const auto view = World("nameserver 10.0.0.1\nsearch a.x b.x\n")
                        .says(kOne, "db.a.x", message(kNxDomain), message(kNxDomain))
                        .says(kOne, "db.b.x", message(0, {"10.1.0.1"}))
                        .says(kOne, "db", message(0, {"10.9.9.9"}))
                        .view("db");
  EXPECT_EQ(texts(view.addresses), Texts{"10.1.0.1"});
  EXPECT_EQ(view.searched, (Texts{"db.a.x", "db.b.x"}));
}

TEST(Derive, SilenceEndsTheSearchButNotAfterTheGivenName) {
  World world("nameserver 10.0.0.1\nsearch a.x b.x\n");
  world.always(kOne, failed(Failure::timed_out)).says(kOne, "db.b.x", message(0, {"10.1.0.1"}));
  EXPECT_EQ(world.view("db").failure, Failure::timed_out);
  world.says(kOne, "db.y.a.x", message(0, {"10.1.0.2"}));
  EXPECT_EQ(texts(world.view("db.y").addresses), Texts{"10.1.0.2"});
}

TEST(Derive, WithoutAFindTheGivenNamesFailureIsHeard) {
  const auto view = World("nameserver 10.0.0.1\nsearch a.x\n")
                        .always(kOne, message(kNxDomain))
                        .says(kOne, "db.y", message(0), message(0))
                        .view("db.y");
  EXPECT_EQ(view.failure, Failure::nodata);
  EXPECT_EQ(view.searched, (Texts{"db.y", "db.y.a.x"}));
}

TEST(Derive, HostsComeFirstAndHideTheDns) {
  World world(kOneResolver, "10.5.5.5 other\n10.5.5.6 db.x DB\n");
  world.says(kOne, "db.x", message(0, {"10.1.0.1"}));
  auto view = world.view("DB.X");
  EXPECT_EQ(texts(view.addresses), Texts{"10.5.5.6"});
  EXPECT_EQ(view.source, "hosts");
  EXPECT_EQ(view.hosts_line, "/etc/hosts:2 10.5.5.6 db.x db");
  EXPECT_FALSE(view.resolver);
  view = world.view("db.x");
  EXPECT_TRUE(view.ask_system) << "hosts and DNS say different things";
  world.says(kOne, "db.x", message(0, {"10.5.5.6"}));
  EXPECT_FALSE(world.view("db.x").ask_system);
}

TEST(Derive, HostsAfterDnsStillShow) {
  const auto view = World(kOneResolver, "10.5.5.6 db.x\n", "hosts: dns files\n")
                        .says(kOne, "db.x", message(0, {"10.1.0.1"}))
                        .view("db.x");
  EXPECT_EQ(texts(view.addresses), Texts{"10.1.0.1"});
  EXPECT_EQ(view.source, "dns");
  EXPECT_EQ(view.hosts_line, "/etc/hosts:1 10.5.5.6 db.x");
}

TEST(Derive, FamilyOptionsHold) {
  World world(kOneResolver, "2001:db8::5 db.x\n");
  world.says(kOne, "db.x", message(0, {"10.1.0.1"}), message(0, {"2001:db8::1"}));
  EXPECT_EQ(texts(world.view("db.x", true, false).addresses), Texts{"10.1.0.1"});
  EXPECT_EQ(texts(world.view("db.x", false, true).addresses), Texts{"2001:db8::5"});
}

TEST(Derive, ActionsStopTheSources) {
  World stop(kOneResolver, "", "hosts: files [NOTFOUND=return] dns\n");
  stop.says(kOne, "db.x", message(0, {"10.1.0.1"}));
  EXPECT_EQ(stop.view("db.x").failure, Failure::nxdomain);
  EXPECT_EQ(stop.view("db.x").source, "hosts");

  World unless(kOneResolver, "10.5.5.6 db.x\n", "hosts: dns [!UNAVAIL=return] files\n");
  unless.always(kOne, message(kNxDomain));
  EXPECT_EQ(unless.view("db.x").failure, Failure::nxdomain);
  unless.always(kOne,
                failed(Failure::refused));  // no name server there: the source is not available
  EXPECT_EQ(texts(unless.view("db.x").addresses), Texts{"10.5.5.6"});
}

TEST(Derive, StubsAreNamed) {
  World local("nameserver 127.0.0.53\n");
  local.says("127.0.0.53", "db.x", message(0, {"10.1.0.1"}));
  EXPECT_EQ(local.view("db.x").source, "stub");
  EXPECT_FALSE(local.view("db.x").ask_system);

  World module(kOneResolver, "", "hosts: files resolve [!UNAVAIL=return] dns\n");
  module.says(kOne, "db.x", message(0, {"10.1.0.1"}));
  EXPECT_EQ(module.view("db.x").source, "stub");
  EXPECT_TRUE(module.view("db.x").ask_system)
      << "systemd-resolved may ask others than resolv.conf names";
}

TEST(Derive, UnknownSourcesAreNamedAndGetaddrinfoIsHeard) {
  World world(kOneResolver, "",
              "hosts: files myhostname mdns4_minimal [NOTFOUND=return] sss dns wins\n");
  world.says(kOne, "db.x", message(0, {"10.1.0.1"}))
      .says(kOne, "db.LOCAL", message(0, {"10.1.0.2"}));
  const auto view = world.view("db.x");
  EXPECT_EQ(texts(view.addresses), Texts{"10.1.0.1"});
  EXPECT_EQ(view.not_followed, (Texts{"myhostname", "mdns4_minimal", "sss"}))
      << "wins was not reached";
  EXPECT_TRUE(view.ask_system);
  world.config.nsswitch =
      wire::parse_nsswitch("hosts: files myhostname mdns4_minimal [NOTFOUND=return] dns\n");
  EXPECT_FALSE(world.view("db.x").ask_system) << "those two answer for other names only";
  EXPECT_TRUE(world.view("db.LOCAL").ask_system);
}

TEST(Derive, NobodyAskedIsSilence) {
  const auto view = World(kOneResolver).view("db.x");
  EXPECT_EQ(view.failure, Failure::timed_out);
  EXPECT_TRUE(view.addresses.empty());
}

TEST(ViewObservation, HoldsTheWholeView) {
  World world("nameserver 127.0.0.53\n", "", "hosts: files sss dns\n");
  world.config.stub_upstreams = parsed({"10.0.0.2"});
  world.says("127.0.0.53", "db.x", message(0, {"10.1.0.1"}));
  net::SystemReply system;
  system.addresses = parsed({"10.1.0.9"});
  const auto seen = view_observation(world.config.stub_upstreams, world.view("db.x."), "db.x.",
                                     system, Micros(5));
  EXPECT_EQ(seen.phase, Phase::resolve);
  EXPECT_EQ(seen.resolver, "127.0.0.53:53");
  EXPECT_EQ(seen.took, Micros(5));
  EXPECT_FALSE(seen.failure);
  EXPECT_TRUE(seen.facts.get_or(key::dns_application_view, false));
  EXPECT_EQ(seen.facts.get_or(key::dns_question_name, {}), "db.x");
  EXPECT_EQ(seen.facts.get_or(key::dns_source, {}), "stub");
  EXPECT_EQ(seen.facts.get_or(key::dns_answers, {}), Texts{"10.1.0.1"});
  EXPECT_EQ(seen.facts.get_or(key::dns_nsswitch, {}), (Texts{"files", "sss", "dns"}));
  EXPECT_EQ(seen.facts.get_or(key::dns_not_followed, {}), Texts{"sss"});
  EXPECT_EQ(seen.facts.get_or(key::dns_searched, {}), Texts{"db.x"});
  EXPECT_EQ(seen.facts.get_or(key::dns_upstreams, {}), Texts{"10.0.0.2"});
  EXPECT_EQ(seen.facts.get_or(key::dns_getaddrinfo, {}), Texts{"10.1.0.9"});
  EXPECT_FALSE(seen.facts.has(key::dns_hosts_line));

  system = {};
  system.error = "EAI_AGAIN";
  const auto error =
      view_observation(world.config.stub_upstreams, world.view("db.x"), "db.x", system, Micros(5));
  EXPECT_EQ(error.facts.get_or(key::dns_getaddrinfo_error, {}), "EAI_AGAIN");
  const auto alone = view_observation(world.config.stub_upstreams, world.view("db.x"), "db.x",
                                      std::nullopt, Micros(5));
  EXPECT_FALSE(alone.facts.has(key::dns_getaddrinfo_error) ||
               alone.facts.has(key::dns_getaddrinfo));
}

}  // namespace
}  // namespace plumb::engine
