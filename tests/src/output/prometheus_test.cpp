#include <gtest/gtest.h>

#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

constexpr std::string_view kOwn =
    "{target=\"privatelink-19283.q9xkz.clusters.tidb-cloud.com:4000\",profile=\"tidb-dedicated-"
    "private\",purpose="
    "\"connect\"";

std::string metrics(const std::vector<Report>& reports) {
  return render(*find_renderer("prometheus"), reports, {});
}

bool has(const std::string& out, const std::string& name, const std::string& rest) {
  return out.find("\n" + name + std::string(kOwn) + rest + "\n") != std::string::npos;
}

TEST(Prometheus, SuccessIsOneForOkAndDegraded) {
  EXPECT_TRUE(has(metrics({sample("healthy")}), "probe_success", "} 1"));
  EXPECT_TRUE(has(metrics({sample("dead-zone")}), "probe_success", "} 1"));
  EXPECT_TRUE(has(metrics({sample("wrong-ca")}), "probe_success", "} 0"));
  EXPECT_TRUE(has(metrics({sample("unknown")}), "probe_success", "} 0"));
}

TEST(Prometheus, FailureInfoIsOneSeriesAndOnlyWhileFailing) {
  EXPECT_EQ(metrics({sample("healthy"), sample("dead-zone")}).find("probe_failure_info"),
            std::string::npos);
  const std::string out = metrics({sample("expired-and-wrong-name")});
  EXPECT_TRUE(
      has(out, "probe_failure_info", ",phase=\"tls\",reason=\"tls-certificate-expired\"} 1"));
  EXPECT_EQ(out.find("tls-hostname-mismatch"), std::string::npos);
}

TEST(Prometheus, TellsTheServerTheTlsVersionAndTheEarliestExpiry) {
  const std::string out = metrics({sample("healthy")});
  EXPECT_TRUE(has(
      out, "probe_mysql_server_info",
      ",version=\"8.0.11-TiDB-v8.5.3\",flavor=\"tidb\",auth_plugin=\"mysql_native_password\"} 1"));
  EXPECT_TRUE(has(out, "probe_tls_version_info", ",version=\"TLS 1.3\"} 1"));
  EXPECT_TRUE(has(out, "probe_ssl_earliest_cert_expiry", "} 1800316800"));  // 2027-01-19
  EXPECT_TRUE(has(out, "probe_ip_protocol", "} 4"));
}

// blackbox_exporter's value for 10.0.1.15: FNV-1a of the four bytes.
TEST(Prometheus, HashesTheAddressAsBlackboxExporterDoes) {
  std::uint32_t hash = 2166136261U;
  for (const unsigned byte : {10U, 0U, 1U, 15U}) hash = (hash ^ byte) * 16777619U;
  EXPECT_TRUE(has(metrics({sample("healthy")}), "probe_ip_addr_hash", "} " + std::to_string(hash)));
}

TEST(Prometheus, NoAddressAndNoErrorTextIsInALabel) {
  for (const test::Sample& one : test::sample_reports()) {
    const std::string out = metrics({one.report});
    EXPECT_EQ(out.find("10.0."), std::string::npos) << one.name;
    EXPECT_EQ(out.find("203.0.113"), std::string::npos) << one.name;
    EXPECT_EQ(out.find("Access denied"), std::string::npos) << one.name;
  }
}

TEST(Prometheus, HelpAndTypeComeOncePerFamilyForManyTargets) {
  Report other = sample("healthy");
  other.about.target.host = "other.example.com";
  const std::string out = metrics({sample("healthy"), other});
  const auto first = out.find("# TYPE probe_success gauge");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(out.find("# TYPE probe_success gauge", first + 1), std::string::npos);
  EXPECT_NE(out.find("probe_success{target=\"other.example.com:4000\""), std::string::npos);
}

}  // namespace
}  // namespace plumb::output
