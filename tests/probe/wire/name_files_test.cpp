#include "probe/wire/name_files.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::wire {
namespace {

using Texts = std::vector<std::string>;

Texts servers(const ResolvConf& conf) {
  Texts texts;
  for (const Endpoint& server : conf.nameservers) texts.push_back(server.to_string());
  return texts;
}

TEST(ResolvConf, ReadsWhatGlibcReads) {
  const auto conf = parse_resolv_conf(
      "# made by hand\n"
      "; another\n"
      "nameserver 10.0.0.2\n"
      "nameserver\t2001:db8::53  # the second\n"
      "nameserver fe80::1%eth0\n"
      "nameserver not-an-address\n"
      "nameservers 10.9.9.9\n"
      " nameserver 10.8.8.8\n"
      "domain old.example\n"
      "search Corp.Example. svc.cluster.local\tcluster.local\n"
      "options ndots:5 timeout:2 attempts:3 rotate");
  EXPECT_EQ(servers(conf), (Texts{"10.0.0.2:53", "[2001:db8::53]:53", "[fe80::1]:53"}));
  EXPECT_EQ(conf.search, (Texts{"corp.example", "svc.cluster.local", "cluster.local"}));
  EXPECT_EQ(conf.ndots, 5);
  EXPECT_EQ(conf.timeout_s, 2);
  EXPECT_EQ(conf.attempts, 3);
}

TEST(ResolvConf, DefaultsWithoutAnyLine) {
  EXPECT_EQ(parse_resolv_conf(""), ResolvConf{});
  EXPECT_EQ(parse_resolv_conf("\r\n\n#\n;\noptions\nsearch\nnameserver"), ResolvConf{});
}

TEST(ResolvConf, LastOfDomainAndSearchHolds) {
  EXPECT_EQ(parse_resolv_conf("search a b\ndomain c d\n").search, Texts{"c"});
  EXPECT_EQ(parse_resolv_conf("domain c\nsearch a b\n").search, (Texts{"a", "b"}));
}

TEST(ResolvConf, LimitsOptionsAsGlibcDoes) {
  const auto conf = parse_resolv_conf("options ndots:99 timeout:99999999999 attempts:-1\n");
  EXPECT_EQ(conf.ndots, 15);
  EXPECT_EQ(conf.timeout_s, 30);
  EXPECT_EQ(conf.attempts, 0);
}

TEST(Hosts, FindsEveryLineInOrderWhateverTheCase) {
  const auto hosts = parse_hosts(
      "127.0.0.1 localhost\n"
      "\n"
      "10.0.0.5\tdb.example  DB # pinned in March\n"
      "#10.0.0.6 db.example\n"
      "not-an-address db.example\n"
      "10.0.0.8\n"
      "2001:db8::5 Db.Example");
  const auto found = hosts.lookup("DB.EXAMPLE");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]->address.to_string(), "10.0.0.5");
  EXPECT_EQ(found[0]->line, 3);
  EXPECT_EQ(found[0]->names, (Texts{"db.example", "db"}));
  EXPECT_EQ(found[1]->address.to_string(), "2001:db8::5");
  EXPECT_EQ(found[1]->line, 7);
  EXPECT_EQ(hosts.lookup("db").size(), 1u);
  EXPECT_TRUE(hosts.lookup("db.exampl").empty());
}

TEST(Nsswitch, ReadsSourcesAndTheirActions) {
  const auto hosts = parse_nsswitch(
                         "passwd: files systemd\n"
                         "  hosts :files mdns4_minimal [NOTFOUND=return] resolve[!UNAVAIL=return] "
                         "myhostname dns # end\n")
                         .hosts;
  ASSERT_EQ(hosts.size(), 5u);
  EXPECT_EQ(hosts[0].name, "files");
  EXPECT_EQ(hosts[1].name, "mdns4_minimal");
  EXPECT_TRUE(hosts[1].stop_on_notfound);
  EXPECT_FALSE(hosts[1].stop_unless_unavailable);
  EXPECT_EQ(hosts[2].name, "resolve");
  EXPECT_TRUE(hosts[2].stop_unless_unavailable);
  EXPECT_EQ(hosts[3].name, "myhostname");
  EXPECT_EQ(hosts[4].name, "dns");
  EXPECT_FALSE(hosts[0].stop_on_notfound || hosts[4].stop_on_notfound);
}

TEST(Nsswitch, SeveralActionsInOneGroup) {
  const auto hosts =
      parse_nsswitch("hosts: dns [!unavail=return notfound=return] files [ SUCCESS=return").hosts;
  ASSERT_EQ(hosts.size(), 2u);
  EXPECT_TRUE(hosts[0].stop_unless_unavailable && hosts[0].stop_on_notfound);
  EXPECT_EQ(hosts[1].name, "files");
}

TEST(Nsswitch, DefaultWithoutAHostsLine) {
  for (const char* text :
       {"", "passwd: files\n", "hosts:\n", "#hosts: dns\n", "hosts: [NOTFOUND=return]\n"}) {
    const auto hosts = parse_nsswitch(text).hosts;
    ASSERT_EQ(hosts.size(), 2u) << text;
    EXPECT_EQ(hosts[0].name, "files");
    EXPECT_EQ(hosts[1].name, "dns");
  }
}

}  // namespace
}  // namespace plumb::wire
