#include "probe/wire/dns_message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumb::wire {
namespace {

// Writes messages as a server would, without compression unless a test asks for a pointer.
struct Message {
  Writer out;
  Message(unsigned flags, unsigned answers, unsigned authority = 0, unsigned additional = 0) {
    out.u16be(0x1234).u16be(flags).u16be(1).u16be(answers).u16be(authority).u16be(additional);
  }
  Message& name(std::string_view dotted) {
    while (!dotted.empty()) {
      const auto dot = std::min(dotted.find('.'), dotted.size());
      out.u8(static_cast<unsigned>(dot)).text(dotted.substr(0, dot));
      dotted.remove_prefix(std::min(dot + 1, dotted.size()));
    }
    out.u8(0);
    return *this;
  }
  Message& question(std::string_view dotted, unsigned type = 1) {
    name(dotted).out.u16be(type).u16be(1);
    return *this;
  }
  Message& pointer(unsigned to) {
    out.u16be(0xc000 | to);
    return *this;
  }
  Message& fixed(unsigned type, std::uint32_t ttl, unsigned length) {
    out.u16be(type).u16be(1).u32be(ttl).u16be(length);
    return *this;
  }
  Message& a(std::string_view owner, std::uint32_t ttl, std::uint8_t last) {
    name(owner).fixed(1, ttl, 4).out.u8(10).u8(0).u8(0).u8(last);
    return *this;
  }
  Message& cname(std::string_view owner, std::uint32_t ttl, std::string_view target) {
    name(owner).fixed(5, ttl, static_cast<unsigned>(target.size() + 2)).name(target);
    return *this;
  }
  Bytes take() { return out.take(); }
};

constexpr unsigned kResponse = 0x8180;  // QR, RD, RA

std::vector<std::string> texts(const std::vector<Address>& addresses) {
  std::vector<std::string> result;
  for (const Address& address : addresses) result.push_back(address.to_string());
  return result;
}

using Texts = std::vector<std::string>;

TEST(DnsQuery, AsksRecursivelyWithEdns) {
  const auto query = dns_query("db.example", DnsType::aaaa, 0xbeef);
  ASSERT_TRUE(query);
  const Bytes expected{0xbe, 0xef, 0x01, 0x00, 0,   1,    0,    0,   0,   0,   0, 1, 2,
                       'd',  'b',  7,    'e',  'x', 'a',  'm',  'p', 'l', 'e', 0, 0, 28,
                       0,    1,    0,    0,    41,  0x04, 0xd0, 0,   0,   0,   0, 0, 0};
  EXPECT_EQ(*query, expected);
}

TEST(DnsQuery, AsksWithoutEdnsWhereThatIsNotUnderstood) {
  const auto with = dns_query("db.example", DnsType::a, 1),
             without = dns_query("db.example", DnsType::a, 1, false);
  ASSERT_TRUE(with && without);
  EXPECT_EQ(without->size() + 11, with->size());
  EXPECT_EQ((*without)[11], 0) << "no additional record";
}

TEST(DnsQuery, RefusesWhatIsNoName) {
  const std::string label63(63, 'a'), label64(64, 'a');
  EXPECT_TRUE(dns_query(label63 + ".b", DnsType::a, 1));
  for (const std::string& bad : {std::string(), label64, std::string("a..b"), std::string(".a"),
                                 std::string("a."), std::string("a b"), std::string("a\0b", 3),
                                 std::string("b\xfc"
                                             "cher")})
    EXPECT_FALSE(dns_query(bad, DnsType::a, 1)) << bad;
  std::string name = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
  ASSERT_EQ(name.size(), 253u);
  EXPECT_TRUE(dns_query(name, DnsType::a, 1));
  EXPECT_FALSE(dns_query(name + "a", DnsType::a, 1));
}

TEST(DnsMessage, ReadsFlagsAddressesAndSmallestTtl) {
  auto bytes = Message(0x8580, 2)
                   .question("DB.Example")
                   .a("db.example", 300, 1)
                   .a("db.EXAMPLE", 60, 2)
                   .take();
  const auto message = parse_dns_message(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->id, 0x1234);
  EXPECT_TRUE(message->authoritative);
  EXPECT_TRUE(message->recursion_available);
  EXPECT_FALSE(message->truncated);
  EXPECT_EQ(message->question_name, "db.example");
  EXPECT_EQ(message->question_type, 1);
  EXPECT_EQ(texts(message->addresses), (Texts{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(message->ttl_s, 60u);
}

// Name server and mailbox as the root, five numbers; the last is the minimum.
Bytes negative(std::uint32_t ttl, std::uint32_t minimum, bool cut = false) {
  Message built(0x8183, 0, 1);
  built.question("gone.example").name("example").fixed(6, ttl, cut ? 18 : 22);
  built.out.u8(0).u8(0).u32be(1).u32be(2).u32be(3).u32be(4);
  if (!cut) built.out.u32be(minimum);
  return built.take();
}

TEST(DnsMessage, ANegativeAnswerLivesAsItsSoaSays) {
  EXPECT_EQ(parse_dns_message(negative(300, 30))->negative_ttl_s, 30u);
  EXPECT_EQ(parse_dns_message(negative(20, 30))->negative_ttl_s, 20u);
  EXPECT_EQ(parse_dns_message(negative(0x80000001, 30))->negative_ttl_s, 0u) << "RFC 2181 §8";
  EXPECT_EQ(parse_dns_message(negative(300, 0xffffffff))->negative_ttl_s, 0u);
  const auto cut = parse_dns_message(negative(300, 30, true));
  ASSERT_TRUE(cut) << "only what is read must be whole";
  EXPECT_EQ(cut->soa_zone, "example");
  EXPECT_FALSE(cut->negative_ttl_s);
  EXPECT_FALSE(
      parse_dns_message(Message(0x8183, 0).question("gone.example").take())->negative_ttl_s);
}

TEST(DnsMessage, FollowsTheChainWhateverItsOrder) {
  auto bytes = Message(kResponse, 4)
                   .question("a.x")
                   .a("stranger.x", 1, 9)
                   .a("c.x", 50, 3)
                   .cname("b.x", 40, "c.x")
                   .cname("a.x", 90, "b.x")
                   .take();
  const auto message = parse_dns_message(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->cname_chain, (Texts{"b.x", "c.x"}));
  EXPECT_EQ(texts(message->addresses), Texts{"10.0.0.3"});
  EXPECT_EQ(message->ttl_s, 40u) << "the stranger's TTL is not ours";
  EXPECT_FALSE(message->cname_loop);
}

TEST(DnsMessage, EndsALoop) {
  auto bytes = Message(kResponse, 3)
                   .question("a.x")
                   .cname("a.x", 9, "b.x")
                   .cname("b.x", 9, "a.x")
                   .a("a.x", 9, 1)
                   .take();
  const auto message = parse_dns_message(bytes);
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->cname_loop);
  EXPECT_EQ(message->cname_chain, (Texts{"b.x", "a.x"}));
  EXPECT_TRUE(message->addresses.empty());
}

TEST(DnsMessage, DanglingCnameKeepsChainAndRcode) {
  const auto message =
      parse_dns_message(Message(0x8183, 1).question("a.x").cname("a.x", 9, "gone.x").take());
  ASSERT_TRUE(message);
  EXPECT_EQ(rcode_name(message->rcode), "NXDOMAIN");
  EXPECT_EQ(message->cname_chain, Texts{"gone.x"});
}

TEST(DnsMessage, ReadsCompressedNames) {
  Message built(kResponse, 1);
  built.question("db.example").pointer(12).fixed(1, 5, 4).out.u8(10).u8(0).u8(0).u8(7);
  const auto message = parse_dns_message(built.take());
  ASSERT_TRUE(message);
  EXPECT_EQ(texts(message->addresses), Texts{"10.0.0.7"});
}

TEST(DnsMessage, WithoutAQuestionAPointerToItsPlaceIsAnOrdinaryOne) {
  Message built(0x8183, 0, 2);
  built.name("corp").fixed(2, 60, 0).pointer(12).fixed(6, 60, 2).out.u16be(0);
  Bytes bytes = built.take();
  bytes[5] = 0;  // no question
  const auto message = parse_dns_message(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->soa_zone, "corp");
}

TEST(DnsMessage, IsTheSameWhateverNameWasAskedFor) {
  for (const char* sent : {"db.example", "DB.example", "db.examples", "b.example", "db", ""}) {
    const Bytes bytes = Message(kResponse, 1).question(sent).a("db.example", 60, 7).take();
    const auto message = parse_dns_message(bytes);
    ASSERT_TRUE(message) << sent;
    for (const char* asked : {"db.example", "db.exampl", "db.example.", "db..example", ".", "db"})
      EXPECT_EQ(parse_dns_message(bytes, asked), message) << sent << " for " << asked;
    for (std::size_t length = 0; length < bytes.size(); ++length)
      EXPECT_FALSE(parse_dns_message(View(bytes).first(length), "db.example")) << length;
  }
}

TEST(DnsMessage, ALengthThatWouldBeAPointerIsNone) {
  Writer out;  // the question's name: a pointer to a root label within the header
  out.u16be(7).u16be(kResponse).u16be(1).u16be(0).u16be(0).u16be(0);
  out.u16be(0xc000 | 10).u16be(1).u16be(1).text(std::string(300, 'x'));
  const Bytes bytes = out.take();
  EXPECT_EQ(parse_dns_message(bytes, std::string(192, 'x'))->question_name, ".");
}

TEST(DnsMessage, RefusesPointersThatDoNotLeadBack) {
  for (const unsigned to : {28u, 30u, 0x3fffu}) {  // to itself, forwards, beyond the end
    Message built(kResponse, 1);
    built.question("db.example").pointer(to).fixed(1, 5, 4).out.u8(10).u8(0).u8(0).u8(7);
    EXPECT_FALSE(parse_dns_message(built.take())) << to;
  }
}

TEST(DnsMessage, RefusesAnOverlongName) {
  std::string name;
  for (int i = 0; i < 128; ++i) name += "a.";
  EXPECT_FALSE(parse_dns_message(Message(kResponse, 0).question(name).take()));
}

TEST(DnsMessage, EscapesWhatATerminalWouldObey) {
  Message built(kResponse, 0);
  built.out.u8(4).text("\x1b[1m").u8(3).text("a.\\").u8(0).u16be(1).u16be(1);
  const auto message = parse_dns_message(built.take());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->question_name, "\\027[1m.a\\046\\092");
}

TEST(DnsMessage, ReadsExtendedErrorAndExtendedRcode) {
  Message built(0x8182, 0, 0, 1);
  built.question("db.example")
      .out.u8(0)
      .u16be(41)
      .u16be(1232)
      .u32be(0x01000000)
      .u16be(4 + 5 + 4 + 2 + 3);
  built.out.u16be(10).u16be(5).text("xxxxx");         // a cookie comes first
  built.out.u16be(15).u16be(5).u16be(6).text("bad");  // DNSSEC Bogus
  const auto message = parse_dns_message(built.take());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->rcode, 0x12);
  EXPECT_EQ(message->ede_code, 6);
  EXPECT_EQ(message->ede_text, "bad");
}

TEST(DnsMessage, ReadsTheZoneOfANegativeAnswer) {
  Message built(0x8183, 0, 1);
  built.question("db.corp.example").name("corp.example").fixed(6, 60, 2).out.u16be(0);
  const auto message = parse_dns_message(built.take());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->soa_zone, "corp.example");
  EXPECT_FALSE(message->ttl_s);
}

TEST(DnsMessage, ErrorWithoutQuestionIsAMessage) {
  const Bytes bare{0x12, 0x34, 0x80, 0x05, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto message = parse_dns_message(bare);
  ASSERT_TRUE(message);
  EXPECT_EQ(rcode_name(message->rcode), "REFUSED");
}

TEST(DnsMessage, RefusesWhatIsNoResponse) {
  EXPECT_FALSE(parse_dns_message(*dns_query("a.x", DnsType::a, 1))) << "a query";
  EXPECT_FALSE(parse_dns_message(as_bytes("hello, I am not a name server")));
  Message wrong_length(kResponse, 1);
  wrong_length.question("a.x").name("a.x").fixed(1, 5, 3).out.zeros(3);
  EXPECT_FALSE(parse_dns_message(wrong_length.take())) << "an A record of three bytes";
}

TEST(DnsMessage, CutAnywhereIsMalformedUnlessTruncated) {
  for (const unsigned flags : {kResponse, kResponse | 0x0200u}) {
    const Bytes whole =
        Message(flags, 2).question("a.x").cname("a.x", 90, "b.x").a("b.x", 50, 3).take();
    ASSERT_TRUE(parse_dns_message(whole));
    const std::size_t behind_question = 12 + 5 + 4;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto message = parse_dns_message(View(whole).first(size));
      const bool truncated = flags != kResponse;
      EXPECT_EQ(message.has_value(), truncated && size >= behind_question) << size;
      EXPECT_TRUE(!message || message->addresses.empty()) << size;
    }
  }
}

TEST(RcodeName, NamesAndNumbers) {
  EXPECT_EQ(rcode_name(0), "NOERROR");
  EXPECT_EQ(rcode_name(5), "REFUSED");
  EXPECT_EQ(rcode_name(16), "BADVERS");
  EXPECT_EQ(rcode_name(17), "RCODE17");
  EXPECT_EQ(rcode_name(4095), "RCODE4095");
}

}  // namespace
}  // namespace plumb::wire
