#include "probe/wire/certificate_judge.hpp"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <chrono>
#include <string>
#include <vector>

#include "probe/model/keys.hpp"
#include "probe/model/rfc3339.hpp"
#include "probe/wire/certificate.hpp"
#include "probe/wire/trust.hpp"
#include "tests/support/test_pki.hpp"

namespace plumb::wire {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::Issued;
using test::test_pki;
using Trusted = std::shared_ptr<const Trust>;

constexpr hours kDay{24};

Trusted trusting(const std::vector<Issued>& roots) {
  std::string pem;
  for (const Issued& root : roots) pem += root.pem();
  return Trust::from_pem(pem, "roots").trust;
}

X509StackHandle stack_of(const std::vector<Issued>& sent, const TlsLibrary* library) {
  X509StackHandle stack(sk_X509_new_null());
  for (const Issued& one : sent)
    sk_X509_push(stack.get(),
                 decode_in(library ? library->context() : nullptr, *one.certificate).release());
  return stack;
}

// What a verification that remembers nothing, in the default context, makes of it.
Facts plainly(const Trusted& trust, const std::vector<Issued>& sent, WallTime now) {
  const X509StackHandle stack = stack_of(sent, nullptr);
  Facts facts;
  X509& leaf = *sk_X509_value(stack.get(), 0);
  describe_leaf(text_of(leaf), sans_of(leaf), facts);
  std::vector<Facts> chain, path;
  for (std::size_t i = 0; i < sent.size() && i < kMaxChainRows; ++i)
    chain.push_back(chain_row(text_of(*sk_X509_value(stack.get(), static_cast<int>(i)))));
  facts.set(key::tls_chain, std::move(chain));
  const auto verdicts = verify_certificates(trust.get(), stack.get(), "x", now, 1);
  for (int i = 0; i < sk_X509_num(verdicts.path.get()) && path.size() < kMaxChainRows; ++i)
    path.push_back(path_row(text_of(*sk_X509_value(verdicts.path.get(), i))));
  if (!path.empty()) facts.set(key::tls_path, std::move(path));
  if (verdicts.ending) {
    facts.set(key::tls_path_ends, rfc3339(verdicts.ending->at));
    facts.set(key::tls_path_ends_with, verdicts.ending->subject);
  }
  facts.set(key::tls_verify_code, std::int64_t{verdicts.chain_code});
  if (!verdicts.chain_ok()) {
    facts.set(key::tls_verify_depth, std::int64_t{verdicts.chain_depth});
    facts.set(key::tls_verify_text, verdicts.chain_text);
  }
  facts.set(key::tls_chain_ok, verdicts.chain_ok());
  facts.set(key::tls_dates_ok, verdicts.dates_ok());
  return facts;
}

struct Bench {
  explicit Bench(Trusted roots) : trust(std::move(roots)), judge(trust, library) {}

  Facts ask(const std::vector<Issued>& sent, WallTime now = test::noon(), int level = 1) {
    const X509StackHandle stack = stack_of(sent, library.get());
    return judge.judge(stack.get(), now, level)->facts;
  }
  std::int64_t code(const std::vector<Issued>& sent, WallTime now = test::noon()) {
    return ask(sent, now).get_or(key::tls_verify_code, std::int64_t{-1});
  }
  std::shared_ptr<const TlsLibrary> library = TlsLibrary::make();
  Trusted trust;
  ChainJudge judge;
};

std::vector<Issued> good() { return {test_pki().leaf, test_pki().intermediate}; }

Issued authority(const std::string& name, int begin, int end, const Issued* issuer,
                 const Issued* same_key = nullptr) {
  test::Wanted wanted{.common_name = name, .ca = true};
  wanted.days_before = begin;
  wanted.days_after = end;
  if (same_key) wanted.key = same_key->key;
  return test::issue(wanted, issuer);
}

TEST(ChainJudge, TheSameBytesAreVerifiedOnce) {
  Bench bench(trusting({test_pki().root}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bench.code(good()), 0);
  EXPECT_EQ(bench.judge.kept(), 1u);
  EXPECT_EQ(bench.judge.reused(), 4u);
}

struct Shape {
  std::string story;
  std::vector<Issued> sent;
};

std::vector<Shape> of_every_key() {
  std::vector<Shape> shapes;
  for (const char* type :
       {"RSA", "RSA-PSS", "P-384", "P-521", "secp256k1", "ED25519", "ED448", "SM2", "X25519"}) {
    test::Wanted wanted{.common_name = type, .sans = {"DNS:db.example.com"}};
    wanted.key = test::make_key(type);
    shapes.push_back(
        {type, {test::issue(wanted, &test_pki().intermediate), test_pki().intermediate}});
  }
  return shapes;
}

// Digests that no TLS suite has, on either certificate; forged, too.
std::vector<Shape> of_every_digest() {
  std::vector<Shape> shapes;
  for (const char* digest : {"SHA384", "SHA3-256", "SHA3-512"}) {
    test::Wanted upper{.common_name = "Upper", .ca = true, .digest = digest};
    const auto above = test::issue(upper, &test_pki().root);
    shapes.push_back({digest, {test::issue({.common_name = "x"}, &above), above}});
    const auto leaf = test::issue({.common_name = "x", .digest = digest}, &above);
    shapes.push_back({std::string(digest) + " twice", {leaf, above}});
    upper.common_name = "Test Intermediate";
    const auto pretender = test::issue(upper, &test_pki().root);
    shapes.push_back({std::string(digest) + " by another's name",
                      {test::issue({.common_name = "x", .digest = digest}, &pretender),
                       test_pki().intermediate}});
  }
  return shapes;
}

std::vector<Shape> with_limits() {
  std::vector<Shape> shapes;
  test::Wanted limited{.common_name = "Limited", .ca = true};
  limited.extensions = {{NID_name_constraints, "critical,permitted;DNS:example.org"}};
  const auto constrained = test::issue(limited, &test_pki().root);
  for (const char* name : {"DNS:a.example.org", "DNS:a.example.com", "DNS:b.example.org"})
    shapes.push_back(
        {std::string("constraints, ") + name,
         {test::issue({.common_name = "x", .sans = {name}}, &constrained), constrained}});
  limited.extensions.clear();
  limited.constraints = ",pathlen:0";
  const auto shallow = test::issue(limited, &test_pki().root);
  const auto below = authority("Below", -30, 300, &shallow);
  shapes.push_back({"path length kept", {test::issue({.common_name = "x"}, &shallow), shallow}});
  shapes.push_back(
      {"path length exceeded", {test::issue({.common_name = "x"}, &below), below, shallow}});
  return shapes;
}

std::vector<Shape> shapes() {
  const auto other = authority("Other", -30, 500, nullptr);
  const auto old_root = authority("Old Root", -30, 3000, nullptr);
  const auto crossed = authority("Test Root", -30, 40, &old_root, &test_pki().root);
  const auto stale = authority("Stale", -90, -1, &test_pki().root);
  std::vector<Shape> shapes{
      {"good", good()},
      {"leaf alone", {test_pki().leaf}},
      {"another order", {test_pki().leaf, other, test_pki().intermediate}},
      {"unsorted, leaf second", {test_pki().intermediate, test_pki().leaf}},
      {"root sent along", {test_pki().leaf, test_pki().intermediate, test_pki().root}},
      {"cross-signed", {test_pki().leaf, test_pki().intermediate, crossed}},
      {"self-signed", {test::issue({.common_name = "own"})}},
      {"the root itself", {test_pki().root}},
      {"expired", {test::leaf_for({"DNS:a"}, -90, -1), test_pki().intermediate}},
      {"not yet", {test::leaf_for({"DNS:a"}, 1, 90), test_pki().intermediate}},
      {"expired above", {test::issue({.common_name = "x"}, &stale), stale}},
      {"leaf as issuer",
       {test::issue({.common_name = "x"}, &test_pki().leaf), test_pki().leaf,
        test_pki().intermediate}}};
  for (const auto& more : {of_every_key(), of_every_digest(), with_limits()})
    shapes.insert(shapes.end(), more.begin(), more.end());
  return shapes;
}

// With memory and without, in the lean library and in the default context, at every time asked and
// whatever was asked before.
TEST(ChainJudge, AnswersAsAVerificationWithoutMemory) {
  const auto all = shapes();
  const std::vector<Trusted> trusts{trusting({test_pki().root}),
                                    trusting({authority("Elsewhere", -30, 300, nullptr)}),
                                    trusting({test_pki().root, test_pki().intermediate}), nullptr};
  for (const Trusted& trust : trusts) {
    Bench bench(trust);
    for (int round = 0; round < 2; ++round)
      for (const int days : {0, 41, 0, -31, 61, 2001, 4001, -401, 400})
        for (const Shape& shape : all) {
          const WallTime now = test::noon() + days * kDay;
          EXPECT_EQ(bench.ask(shape.sent, now), plainly(trust, shape.sent, now))
              << shape.story << ", day " << days << ", round " << round;
        }
    EXPECT_GT(bench.judge.reused(), all.size());
  }
}

TEST(ChainJudge, ACertificateThatEndsWhileKeptIsExpired) {
  Bench bench(trusting({test_pki().root}));
  const WallTime end = test::noon() + 60 * kDay;
  EXPECT_TRUE(bench.ask(good(), end - seconds(1)).get_or(key::tls_dates_ok, false));
  for (const auto late : {seconds(1), seconds(2), seconds(100'000)})
    EXPECT_FALSE(bench.ask(good(), end + late).get_or(key::tls_dates_ok, true));
  EXPECT_TRUE(bench.ask(good(), end - seconds(1)).get_or(key::tls_dates_ok, false)) << "and back";
}

TEST(ChainJudge, ACertificateThatBeginsWhileKeptIsGood) {
  Bench bench(trusting({test_pki().root}));
  const std::vector<Issued> sent{test::leaf_for({"DNS:a"}, 1, 90), test_pki().intermediate};
  EXPECT_FALSE(bench.ask(sent, test::noon() + kDay - seconds(1)).get_or(key::tls_dates_ok, true));
  EXPECT_TRUE(bench.ask(sent, test::noon() + kDay).get_or(key::tls_dates_ok, false));
}

TEST(ChainJudge, AnIntermediateThatEndsBeforeTheLeafCutsTheLife) {
  Bench bench(trusting({test_pki().root}));
  const auto brief = authority("Brief", -30, 5, &test_pki().root);
  const std::vector<Issued> sent{test::issue({.common_name = "x"}, &brief), brief};
  EXPECT_TRUE(bench.ask(sent, test::noon()).get_or(key::tls_dates_ok, false));
  EXPECT_FALSE(bench.ask(sent, test::noon() + 6 * kDay).get_or(key::tls_dates_ok, true));
}

TEST(ChainJudge, AnotherCaSetIsAskedAnew) {
  Bench ours(trusting({test_pki().root})), others(trusting({authority("E", -1, 9, nullptr)}));
  EXPECT_EQ(ours.code(good()), 0);
  EXPECT_EQ(others.code(good()), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(ours.code(good()), 0);
}

TEST(ChainJudge, AnotherSecurityLevelIsAskedAnew) {
  Bench bench(trusting({test_pki().root}));
  const auto ask = [&](int level) {
    return bench.ask(good(), test::noon(), level).get_or(key::tls_verify_code, std::int64_t{-1});
  };
  EXPECT_EQ(ask(1), 0);
  EXPECT_NE(ask(4), 0) << "P-256 is of level 3";
  EXPECT_EQ(ask(1), 0);
}

// Every byte of the leaf in turn: refused, or no certificate at all, but never the kept answer.
TEST(ChainJudge, OneByteChangedIsAnotherChain) {
  Bench bench(trusting({test_pki().root}));
  ASSERT_EQ(bench.code(good()), 0);
  const Bytes der = test_pki().leaf.der();
  const X509StackHandle rest = stack_of({test_pki().intermediate}, bench.library.get());
  int parsed = 0;
  for (std::size_t at = 0; at < der.size(); ++at) {
    Bytes changed = der;
    changed[at] ^= 1;
    X509* made = X509_new_ex(bench.library->context(), nullptr);
    const unsigned char* from = changed.data();
    if (!d2i_X509(&made, &from, static_cast<long>(changed.size()))) continue;
    const X509StackHandle sent(sk_X509_new_null());
    sk_X509_push(sent.get(), made);
    X509_up_ref(sk_X509_value(rest.get(), 0));
    sk_X509_push(sent.get(), sk_X509_value(rest.get(), 0));
    EXPECT_FALSE(bench.judge.judge(sent.get(), test::noon(), 1)->verdicts.chain_ok()) << at;
    ++parsed;
  }
  EXPECT_GT(parsed, 100);
  EXPECT_EQ(bench.judge.reused(), 0u);
}

TEST(ChainJudge, AnotherOrderIsAnotherChain) {
  Bench bench(trusting({test_pki().root}));
  const auto other = authority("Other", -30, 500, nullptr);
  bench.ask({test_pki().leaf, test_pki().intermediate, other});
  const Facts turned = bench.ask({test_pki().leaf, other, test_pki().intermediate});
  EXPECT_EQ(turned.get_or(key::tls_chain, {})[1].get_or(key::cert_subject, {}),
            "CN=Other,O=Plumb Test");
  EXPECT_EQ(bench.judge.reused(), 0u);
}

TEST(ChainJudge, KeepsNoMoreThanItSays) {
  Bench bench(trusting({test_pki().root}));
  std::vector<Issued> many;
  for (int i = 0; i < 100; ++i) many.push_back(test::leaf_for({"DNS:a"}));
  for (const Issued& leaf : many)
    for (const Issued& beside : many) bench.ask({leaf, beside});
  EXPECT_EQ(bench.judge.kept(), ChainJudge::kChains) << "of 10,000 distinct chains";
  bench.ask({many.back(), many.back()});
  EXPECT_EQ(bench.judge.reused(), 1u) << "the last one is still known";
  bench.ask({many.front(), many.front()});
  EXPECT_EQ(bench.judge.reused(), 1u) << "the first one is not";
}

TEST(ChainJudge, AHugeChainIsNotKept) {
  Bench bench(trusting({test_pki().root}));
  std::vector<Issued> sent = good();
  for (int i = 0; i < 60; ++i) sent.push_back(test_pki().root);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(bench.code(sent), 0);
  EXPECT_EQ(bench.judge.kept(), 0u);
}

}  // namespace
}  // namespace plumb::wire
