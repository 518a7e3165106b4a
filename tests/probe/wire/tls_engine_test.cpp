#include "probe/wire/tls_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "probe/model/keys.hpp"
#include "tests/support/test_pki.hpp"
#include "tests/support/tls_talk.hpp"

namespace plumb::wire {
namespace {

using test::context_of;
using test::good_chain;
using test::serving;
using test::test_pki;
using test::TlsServer;
using Talk = test::TlsTalk;
using test::trusting_root;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(TlsEngine, CompletesAndTellsWhatItLearnt) {
  Talk talk(serving(good_chain()));
  ASSERT_EQ(talk.shake(), TlsStep::done);
  const TlsReport report = talk.engine.report();
  EXPECT_TRUE(report.completed && report.chain_ok && report.name_ok && report.dates_ok);
  EXPECT_EQ(report.failure, std::nullopt) << report.raw;
  const Facts& facts = report.facts;
  EXPECT_EQ(facts.get_or(key::tls_version, {}), "1.3");
  EXPECT_THAT(facts.get_or(key::tls_cipher, {}), StartsWith("TLS_"));
  EXPECT_EQ(facts.get_or(key::tls_sni, {}), "db.example.com");
  EXPECT_EQ(facts.get_or(key::tls_name_checked, {}), "db.example.com");
  EXPECT_EQ(facts.get_or(key::tls_verify_code, std::int64_t{-1}), 0);
  EXPECT_EQ(facts.get_or(key::tls_trust, {}), "root");
  EXPECT_EQ(facts.get_or(key::tls_trust_count, std::int64_t{0}), 1);
  EXPECT_THAT(facts.get_or(key::tls_trust_subjects, {}), ElementsAre("CN=Test Root,O=Plumb Test"));
  EXPECT_EQ(facts.get_or(key::tls_subject, {}), "CN=db.example.com,O=Plumb Test");
  ASSERT_EQ(facts.get_or(key::tls_chain, {}).size(), 2u);
  ASSERT_EQ(facts.get_or(key::tls_path, {}).size(), 3u) << "with the trusted root";
  EXPECT_EQ(facts.get_or(key::tls_path_ends_with, {}), "CN=Test Intermediate,O=Plumb Test");
  EXPECT_FALSE(facts.has(key::tls_client_cert_requested));
  EXPECT_FALSE(facts.has(key::tls_alert));
}

TEST(TlsEngine, SpeaksBothVersions) {
  Talk old(serving(good_chain(), TLS1_2_VERSION));
  ASSERT_EQ(old.shake(), TlsStep::done);
  EXPECT_EQ(old.engine.report().facts.get_or(key::tls_version, {}), "1.2");
  EXPECT_THAT(old.engine.report().facts.get_or(key::tls_cipher, {}), StartsWith("TLS_ECDHE_ECDSA"));
  Talk current(serving(good_chain(), TLS1_3_VERSION));
  ASSERT_EQ(current.shake(), TlsStep::done);
  EXPECT_EQ(current.engine.report().facts.get_or(key::tls_version, {}), "1.3");
}

TEST(TlsEngine, RecordsEveryBadVerdictAndGoesOn) {
  test::Wanted own;
  own.common_name = "own";
  const auto self_signed = test::issue(own);
  struct Row {
    const char* story;
    std::vector<test::Issued> chain;
    Failure failure;
    std::int64_t code;
  };
  const std::vector<Row> rows{
      {"expired",
       {test::leaf_for({"DNS:db.example.com"}, -90, -1), test_pki().intermediate},
       Failure::certificate_expired,
       0},
      {"not yet valid",
       {test::leaf_for({"DNS:db.example.com"}, 1, 90), test_pki().intermediate},
       Failure::certificate_not_yet_valid,
       0},
      {"wrong name",
       {test::leaf_for({"DNS:other.example.com"}), test_pki().intermediate},
       Failure::certificate_name_mismatch,
       0},
      {"missing intermediate", {test_pki().leaf}, Failure::certificate_untrusted, 20},
      {"self-signed", {self_signed}, Failure::certificate_untrusted, 18}};
  for (const Row& row : rows) {
    Talk talk(serving(row.chain));
    ASSERT_EQ(talk.shake(), TlsStep::done) << row.story;
    const TlsReport report = talk.engine.report();
    EXPECT_TRUE(report.completed) << row.story;
    EXPECT_EQ(report.failure, row.failure) << row.story;
    EXPECT_EQ(report.facts.get_or(key::tls_verify_code, std::int64_t{-1}), row.code) << row.story;
    EXPECT_TRUE(report.facts.has(key::tls_not_after)) << row.story;
  }
}

TEST(TlsEngine, TrustsNobodyWithoutTrust) {
  Talk talk(serving(good_chain()), "db.example.com", TlsSettings());
  ASSERT_EQ(talk.shake(), TlsStep::done);
  const TlsReport report = talk.engine.report();
  EXPECT_EQ(report.failure, Failure::certificate_untrusted);
  EXPECT_TRUE(report.name_ok && report.dates_ok);
  EXPECT_EQ(report.facts.get_or(key::tls_trust_count, std::int64_t{-1}), 0);
  EXPECT_FALSE(report.facts.has(key::tls_trust));
  EXPECT_EQ(report.facts.get_or(key::tls_verify_depth, std::int64_t{-1}), 1);
}

TEST(TlsEngine, ChecksAnAddressAndSendsNoNameForIt) {
  const auto leaf = test::leaf_for({"IP:10.0.0.1"});
  Talk fits(serving({leaf, test_pki().intermediate}), "10.0.0.1");
  ASSERT_EQ(fits.shake(), TlsStep::done);
  EXPECT_EQ(fits.engine.report().failure, std::nullopt);
  EXPECT_FALSE(fits.engine.report().facts.has(key::tls_sni));
  Talk other(serving({leaf, test_pki().intermediate}), "10.0.0.2");
  ASSERT_EQ(other.shake(), TlsStep::done);
  EXPECT_EQ(other.engine.report().failure, Failure::certificate_name_mismatch);
}

TEST(TlsEngine, AnOldVersionIsTlsProtocol) {
  Talk talk(serving(good_chain(), TLS1_1_VERSION));
  ASSERT_EQ(talk.shake(), TlsStep::failed);
  const TlsReport report = talk.engine.report();
  EXPECT_FALSE(report.completed);
  EXPECT_EQ(report.failure, Failure::tls_protocol);
  EXPECT_EQ(report.facts.get_or(key::tls_alert, std::int64_t{0}), 70) << report.raw;
  EXPECT_EQ(report.facts.get_or(key::tls_alert_name, {}), "protocol_version");
  EXPECT_FALSE(report.facts.has(key::tls_version));
}

TEST(TlsEngine, NoSharedCipherIsTheServersAlert) {
  auto options = serving(good_chain(), TLS1_2_VERSION);
  options.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";  // cannot be served with an EC certificate
  Talk talk(options);
  ASSERT_EQ(talk.shake(), TlsStep::failed);
  const TlsReport report = talk.engine.report();
  EXPECT_EQ(report.failure, Failure::tls_alert);
  EXPECT_EQ(report.facts.get_or(key::tls_alert_name, {}), "handshake_failure");
  EXPECT_THAT(report.raw, StartsWith("alert 40 handshake_failure: error:"));
}

TEST(TlsEngine, AClientCertificateDemandedInTls12EndsTheHandshake) {
  auto options = serving(good_chain(), TLS1_2_VERSION);
  options.demand_client_certificate = true;
  Talk talk(options);
  ASSERT_EQ(talk.shake(), TlsStep::failed);
  const TlsReport report = talk.engine.report();
  EXPECT_EQ(report.failure, Failure::tls_alert);
  EXPECT_TRUE(report.facts.get_or(key::tls_client_cert_requested, false));
  EXPECT_EQ(report.facts.get_or(key::tls_alert, std::int64_t{0}), 40);
  EXPECT_TRUE(report.chain_ok && report.name_ok &&
              report.dates_ok);  // seen before the failure, kept
  EXPECT_EQ(report.facts.get_or(key::tls_chain, {}).size(), 2u);
}

TEST(TlsEngine, AClientCertificateDemandedInTls13ShowsWhenReading) {
  auto options = serving(good_chain(), TLS1_3_VERSION);
  options.demand_client_certificate = true;
  Talk talk(options);
  ASSERT_EQ(talk.shake(), TlsStep::done);
  EXPECT_TRUE(talk.engine.report().facts.get_or(key::tls_client_cert_requested, false));
  const TlsEngine::Decrypted read = talk.engine.decrypt();
  EXPECT_EQ(read.failure, Failure::tls_alert);
  EXPECT_EQ(read.facts.get_or(key::tls_alert, std::int64_t{0}), 116);
  EXPECT_THAT(read.raw, StartsWith("alert 116 certificate_required"));
}

class ClientCertificateFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "plumb-tls-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

TEST_F(ClientCertificateFiles, AreShownToAServerThatAsks) {
  const auto own = test::leaf_for({"DNS:client.example.com"});
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = serving(good_chain(), version);
    options.demand_client_certificate = true;
    options.client_ca = &test_pki().root;
    TlsSettings settings = trusting_root();
    settings.client_certificate_file =
        write("client.pem", own.pem() + test_pki().intermediate.pem());
    settings.client_key_file = write("client.key", own.key_pem());
    Talk talk(options, "db.example.com", settings);
    ASSERT_EQ(talk.shake(), TlsStep::done) << talk.engine.report().raw;
    EXPECT_TRUE(talk.server.done());
    EXPECT_EQ(talk.engine.decrypt().failure, std::nullopt);
    EXPECT_TRUE(talk.engine.report().facts.get_or(key::tls_client_cert_requested, false));
  }
}

TEST_F(ClientCertificateFiles, AreRefusedWithAReason) {
  TlsSettings settings;
  settings.client_certificate_file = write("client.pem", test_pki().leaf.pem());
  settings.client_key_file = write("other.key", test_pki().root.key_pem());
  EXPECT_THAT(TlsContext::make(settings).error, HasSubstr("cannot use client key"));
  settings.client_certificate_file = (folder_ / "none.pem").string();
  EXPECT_THAT(TlsContext::make(settings).error, HasSubstr("cannot use client certificate"));
  settings.client_certificate_file.clear();
  EXPECT_EQ(TlsContext::make(settings).error, "a client key without a client certificate");
}

TEST(TlsEngine, CarriesDataBothWaysAndCloses) {
  Talk talk(serving(good_chain()));
  ASSERT_EQ(talk.shake(), TlsStep::done);
  talk.engine.encrypt(as_bytes("select 1"));
  talk.server.feed(talk.engine.drain());
  EXPECT_EQ(as_text(talk.server.received()), "select 1");
  const Bytes answer = talk.server.send(as_bytes("one row"));
  talk.engine.feed(answer);
  EXPECT_EQ(as_text(talk.engine.decrypt().plain), "one row");
  EXPECT_TRUE(talk.engine.decrypt().plain.empty());
  talk.engine.feed(talk.server.close_notify());
  EXPECT_TRUE(talk.engine.decrypt().closed);
  talk.engine.close_notify();
  EXPECT_FALSE(talk.engine.drain().empty());
}

TEST(TlsEngine, BuffersNoMoreThanItSays) {
  Talk talk(serving(good_chain()));
  ASSERT_EQ(talk.shake(), TlsStep::done);
  const Bytes flood = talk.server.send(Bytes(300'000, 'x'));
  std::size_t offered = 0, read = 0;
  while (offered < flood.size()) {
    const std::size_t taken = talk.engine.feed(View(flood).subspan(offered));
    EXPECT_LE(taken, TlsEngine::kBuffer);
    offered += taken;
    for (Bytes plain = talk.engine.decrypt().plain; !plain.empty();
         plain = talk.engine.decrypt().plain) {
      EXPECT_LE(plain.size(), TlsEngine::kBuffer);
      read += plain.size();
    }
    ASSERT_TRUE(taken > 0);
  }
  EXPECT_EQ(read, 300'000u);
}

TEST(TlsEngine, ShowsWhatIsNoTls) {
  TlsEngine engine(context_of(trusting_root()), "db.example.com", test::noon());
  EXPECT_EQ(engine.handshake(), TlsStep::want_more);
  EXPECT_FALSE(engine.drain().empty());
  engine.feed(as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  EXPECT_EQ(engine.handshake(), TlsStep::failed);
  const TlsReport report = engine.report();
  EXPECT_EQ(report.failure, Failure::tls_protocol);
  EXPECT_THAT(report.raw, HasSubstr("instead of TLS the server sent: HTTP/1.1 400"));
  EXPECT_THAT(as_text(report.instead), HasSubstr("HTTP/1.1 400"));
  EXPECT_EQ(engine.handshake(), TlsStep::failed);
}

TEST(TlsEngine, APlainAlertIsAnAlert) {
  TlsEngine engine(context_of(trusting_root()), "db.example.com", test::noon());
  engine.handshake();
  engine.feed(Bytes{21, 3, 3, 0, 2, 2, 112});
  EXPECT_EQ(engine.handshake(), TlsStep::failed);
  EXPECT_EQ(engine.report().failure, Failure::tls_alert);
  EXPECT_EQ(engine.report().facts.get_or(key::tls_alert_name, {}), "unrecognized_name");
}

TEST(TlsEngine, ACloseNotifyWithinTheHandshakeIsTheEnd) {
  TlsEngine engine(context_of(trusting_root()), "db.example.com", test::noon());
  engine.handshake();
  engine.feed(Bytes{21, 3, 3, 0, 2, 1, 0});
  EXPECT_EQ(engine.handshake(), TlsStep::failed);
  EXPECT_EQ(engine.report().failure, Failure::tls_eof);
  EXPECT_EQ(engine.report().raw, "close_notify within the handshake");
}

TEST(TlsEngine, NamesAlerts) {
  EXPECT_EQ(tls_alert_name(40), "handshake_failure");
  EXPECT_EQ(tls_alert_name(200), "alert_200");
}

// The server's first flight, cut at every byte and then broken: never done, never stuck, and the
// certificates are reported from the moment they were there.
TEST(TlsEngine, SurvivesACutAtEveryByte) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto context = context_of(trusting_root());
    std::size_t length = 1;
    bool chain_seen = false;
    for (std::size_t cut = 0; cut < length; ++cut) {
      TlsServer server(serving(good_chain(), version));
      TlsEngine engine(context, "db.example.com", test::noon());
      ASSERT_EQ(engine.handshake(), TlsStep::want_more);
      server.feed(engine.drain());
      const Bytes flight = server.step();
      length = flight.size();  // not the same each time: an ECDSA signature is 70 … 72 bytes
      if (cut >= length) break;
      engine.feed(View(flight).first(cut));
      ASSERT_EQ(engine.handshake(), TlsStep::want_more) << cut;
      const TlsReport report = engine.broken(Failure::eof, "closed");
      ASSERT_EQ(report.failure, Failure::tls_eof) << cut;
      ASSERT_FALSE(report.completed);
      ASSERT_EQ(report.raw, "closed");
      const bool seen = report.facts.has(key::tls_chain);
      ASSERT_FALSE(chain_seen && !seen) << cut;
      chain_seen = seen;
      if (seen) {
        ASSERT_TRUE(report.chain_ok && report.name_ok) << cut;
      }
    }
    EXPECT_TRUE(chain_seen);
  }
}

TEST(TlsEngine, SurvivesADamagedByteAnywhere) {
  const auto context = context_of(trusting_root());
  std::size_t length = 1;
  for (std::size_t at = 0; at < length; at += 3) {
    TlsServer server(serving(good_chain(), TLS1_2_VERSION));
    TlsEngine engine(context, "db.example.com", test::noon());
    engine.handshake();
    server.feed(engine.drain());
    Bytes flight = server.step();
    length = flight.size();
    if (at < length) flight[at] ^= 0x55;
    engine.feed(flight);
    const TlsStep step = engine.handshake();
    ASSERT_NE(step, TlsStep::done) << at;
    if (step == TlsStep::failed) {
      ASSERT_TRUE(engine.report().failure.has_value()) << at;
    }
  }
}

TEST(TlsEngine, BrokenKeepsItsFailure) {
  TlsEngine engine(context_of(trusting_root()), "db.example.com", test::noon());
  engine.handshake();
  EXPECT_EQ(engine.broken(Failure::timed_out, "no answer").failure, Failure::timed_out);
  EXPECT_EQ(engine.broken(Failure::reset, "ECONNRESET").failure, Failure::reset);
  engine.feed(Bytes{21, 3, 3, 0, 2, 2, 40});
  engine.handshake();
  EXPECT_EQ(engine.broken(Failure::eof, "closed").failure, Failure::tls_alert);
}

}  // namespace
}  // namespace plumb::wire
