#include "src/output/facts_json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "probe/model/keys.hpp"

namespace plumb::output {
namespace {

std::string facts_text(const Facts& facts, Doubles doubles) {
  JsonText out;
  write_facts(out, facts, doubles);
  return out.take();
}

Facts every_type() {
  Facts row;
  row.set(key::cert_subject, std::string("CN=db"));
  row.set(key::cert_is_ca, false);
  Facts facts;
  facts.set(key::tls_chain_ok, true);
  facts.set(key::tcp_mss, std::int64_t{1460});
  facts.set(key::tcp_connect_ms, 3.0);
  facts.set(key::dns_rcode, std::string("NOERROR"));
  facts.set(key::dns_answers, std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
  facts.set(key::tls_chain, std::vector<Facts>{row, row});
  return facts;
}

std::optional<Facts> there_and_back(const Facts& facts) {
  std::string error;
  return facts_from_json(Json::parse(facts_text(facts, Doubles::exact)), error);
}

std::string refusal(const char* json) {
  std::string error;
  EXPECT_FALSE(facts_from_json(Json::parse(json), error)) << json;
  return error;
}

TEST(FactsJson, EveryTypeSurvivesTheRoundTrip) {
  EXPECT_EQ(there_and_back(every_type()), every_type());
}

TEST(FactsJson, AWholeDoubleStaysADouble) {
  EXPECT_NE(facts_text(every_type(), Doubles::exact).find("\"tcp.connect_ms\":3.0"),
            std::string::npos);
  for (const double value : {0.0, -0.0, 1e15, 1e16, 1e300, -7.0, 0.1, 5e-324}) {
    Facts facts;
    facts.set(key::tcp_connect_ms, value);
    const auto back = there_and_back(facts);
    ASSERT_TRUE(back && back->has(key::tcp_connect_ms)) << value;
    EXPECT_EQ(*back->get(key::tcp_connect_ms), value);
  }
}

TEST(FactsJson, ExtremeIntegersStayExact) {
  for (const auto value :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    Facts facts;
    facts.set(key::tcp_mss, value);
    EXPECT_EQ(there_and_back(facts), facts);
  }
}

TEST(FactsJson, AnEmptyListIsReadByItsKey) {
  Facts facts;
  facts.set(key::dns_answers, std::vector<std::string>{});
  facts.set(key::tls_chain, std::vector<Facts>{});
  EXPECT_EQ(there_and_back(facts), facts);
}

TEST(FactsJson, ReportsRoundToThreeDecimals) {
  Facts facts;
  facts.set(key::tcp_connect_ms, 14.23094999);
  EXPECT_EQ(facts_text(facts, Doubles::rounded), R"({"tcp.connect_ms":14.231})");
  EXPECT_EQ(there_and_back(facts), facts);
}

TEST(FactsJson, ANumberThatIsNoneIsLeftOut) {
  Facts facts;
  facts.set(key::tcp_connect_ms, std::nan(""));
  facts.set(key::tcp_waited_ms, std::numeric_limits<double>::infinity());
  EXPECT_EQ(facts_text(facts, Doubles::rounded), "{}");
}

TEST(FactsJson, UnknownTypesAndNamesAreRefusedByName) {
  EXPECT_EQ(refusal(R"({"a.b":null})"), "fact a.b: null is no type of a fact");
  EXPECT_EQ(refusal(R"({"a.b":{"c":1}})"), "fact a.b: object is no type of a fact");
  EXPECT_EQ(refusal(R"({"a.b":["x",1]})"), "fact a.b: a list holds texts or objects, not number");
  EXPECT_EQ(refusal(R"({"a.b":[1]})"), "fact a.b: a list holds texts or objects, not number");
  EXPECT_EQ(refusal(R"({"a.b":18446744073709551615})"), "fact a.b: the number is too large");
  EXPECT_EQ(refusal(R"({"A b":1})"), "'A b' is no name of a fact");
  EXPECT_EQ(refusal(R"([1])"), "facts must be an object, not array");
  EXPECT_EQ(refusal(R"({"tls.chain":[{"x":null}]})"), "fact x: null is no type of a fact");
}

TEST(FactsJson, TextFromAFileIsMadePrintable) {
  std::string error;
  const auto facts = facts_from_json(Json::parse(R"({"dns.rcode":"a\u001b[2J"})"), error);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->get_or(key::dns_rcode, {}), "a\\x1b[2J");
}

TEST(Dump, NeverThrowsOnBytesThatAreNotUtf8) {
  EXPECT_EQ(dump_line(Json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(InMs, IsExactForMicroseconds) { EXPECT_EQ(Json(in_ms(Micros(1234567))).dump(), "1234.567"); }

TEST(EvidenceJson, WhatIsAbsentIsAbsent) {
  Evidence evidence;
  evidence.add(Observation{});
  JsonText out;
  write_observations(out, evidence, Doubles::exact);
  EXPECT_EQ(out.take(), R"([{"n":1,"after":0,"phase":"local","took_ms":0.0,"facts":{}}])");
}

}  // namespace
}  // namespace plumb::output
