#include "probe/wire/metadata_answer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "probe/model/keys.hpp"

namespace plumb::wire {
namespace {

using std::chrono::seconds;
using Texts = std::vector<std::string>;

const WallTime kNow = WallTime(seconds(784111777)) + std::chrono::milliseconds(900);
constexpr const char* kDate = "Sun, 06 Nov 1994 08:49:30 GMT";

HttpAnswer answer(int status, std::string body) {
  return {status, {{"date", kDate}}, std::move(body)};
}

// What the service has at each path; everything else is 404.
using Pages = std::map<std::string, std::string>;

struct Heard {
  Facts facts;
  bool recognised = false;
  Texts requests;
};

std::string path_of(const std::string& request) {
  const std::size_t at = request.find(' ') + 1;
  return request.substr(at, request.find(' ', at) - at);
}

using Service = std::function<std::optional<HttpAnswer>(const std::string& request)>;

Heard talk_to(Cloud cloud, const Service& service) {
  MetadataTalk talk(cloud);
  Heard heard;
  while (const auto request = talk.request()) {
    heard.requests.push_back(*request);
    EXPECT_TRUE(heard.requests.back().ends_with("\r\n\r\n"));
    talk.take(service(*request), kNow);
    if (heard.requests.size() > 30) break;
  }
  EXPECT_LE(heard.requests.size(), 30u) << "it never ends";
  heard.facts = talk.facts();
  heard.recognised = talk.recognised();
  return heard;
}

Service pages(Pages known) {
  return [known = std::move(known)](const std::string& request) -> std::optional<HttpAnswer> {
    const auto found = known.find(path_of(request));
    return found == known.end() ? answer(404, "not found") : answer(200, found->second);
  };
}

std::string text(const Heard& heard, const key::Text& key) {
  return heard.facts.get_or(key, std::string("absent"));
}

const std::string kNic = "/latest/meta-data/network/interfaces/macs/0a:1b:2c:3d:4e:5f/";
const Pages kEc2{{"/latest/api/token", "AQAEALtoken=="},
                 {"/latest/meta-data/placement/region", "eu-central-1"},
                 {"/latest/meta-data/placement/availability-zone", "eu-central-1b"},
                 {"/latest/meta-data/placement/availability-zone-id", "euc1-az3"},
                 {"/latest/meta-data/instance-id", "i-0abc"},
                 {"/latest/meta-data/mac", "0a:1b:2c:3d:4e:5f"},
                 {kNic + "vpc-id", "vpc-0123"},
                 {kNic + "subnet-id", "subnet-0456"},
                 {kNic + "vpc-ipv4-cidr-blocks", "10.0.0.0/16\n10.1.0.0/16\n"},
                 {kNic + "subnet-ipv4-cidr-block", "10.0.1.0/24"},
                 {kNic + "security-group-ids", "sg-1\nsg-2"}};

TEST(MetadataTalk, LearnsEverythingOfEc2WithItsToken) {
  const Heard heard = talk_to(Cloud::aws, pages(kEc2));
  EXPECT_TRUE(heard.recognised);
  EXPECT_EQ(text(heard, key::cloud_provider), "aws");
  EXPECT_EQ(text(heard, key::cloud_region), "eu-central-1");
  EXPECT_EQ(text(heard, key::cloud_zone), "eu-central-1b");
  EXPECT_EQ(text(heard, key::local_zone_id), "euc1-az3");
  EXPECT_EQ(text(heard, key::local_instance), "i-0abc");
  EXPECT_EQ(text(heard, key::local_vpc), "vpc-0123");
  EXPECT_EQ(text(heard, key::local_subnet), "subnet-0456");
  EXPECT_EQ(text(heard, key::local_subnet_cidr), "10.0.1.0/24");
  EXPECT_EQ(*heard.facts.get(key::local_vpc_cidrs), (Texts{"10.0.0.0/16", "10.1.0.0/16"}));
  EXPECT_EQ(*heard.facts.get(key::local_groups), (Texts{"sg-1", "sg-2"}));
  EXPECT_EQ(heard.facts.get_or(key::local_clock_offset_s, -1.0), 7.0);
  ASSERT_GE(heard.requests.size(), 2u);
  EXPECT_TRUE(heard.requests[0].starts_with("PUT /latest/api/token HTTP/1.1\r\n"));
  EXPECT_NE(heard.requests[0].find("X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"),
            std::string::npos);
  for (std::size_t i = 1; i < heard.requests.size(); ++i)
    EXPECT_NE(heard.requests[i].find("\r\nX-aws-ec2-metadata-token: AQAEALtoken==\r\n"),
              std::string::npos);
}

TEST(MetadataTalk, Ec2WithoutATokenIsNotAskedOn) {
  Pages without = kEc2;
  without.erase("/latest/api/token");
  EXPECT_EQ(talk_to(Cloud::aws, pages(without)).requests.size(), 1u);
  without["/latest/api/token"] = "two\r\nlines: injected";
  const Heard odd = talk_to(Cloud::aws, pages(without));
  EXPECT_EQ(odd.requests.size(), 1u) << "a token goes into a header: what cannot be one is none";
  EXPECT_TRUE(odd.facts.empty());
}

TEST(MetadataTalk, WhatOneQuestionLacksTheOthersKeep) {
  Pages some = kEc2;
  some.erase("/latest/meta-data/placement/availability-zone-id");
  some["/latest/meta-data/mac"] = "../../../etc/passwd";
  const Heard heard = talk_to(Cloud::aws, pages(some));
  EXPECT_EQ(text(heard, key::cloud_zone), "eu-central-1b");
  EXPECT_EQ(text(heard, key::local_instance), "i-0abc");
  EXPECT_FALSE(heard.facts.has(key::local_zone_id));
  EXPECT_FALSE(heard.facts.has(key::local_vpc)) << "without a MAC there is no interface to ask of";
  for (const auto& request : heard.requests) EXPECT_EQ(request.find("passwd"), std::string::npos);
}

const char* const kAzureDocument = R"({"compute": {"location": "westeurope", "zone": "2",
  "vmId": "02aab8a4-74ef-476e-8182-f6d2ba4166a6", "tags": ""},
  "network": {"interface": [{"ipv4": {"ipAddress": [{"privateIpAddress": "10.144.133.132"}],
  "subnet": [{"address": "10.144.133.128", "prefix": "26"}]}, "macAddress": "0011AAFFBB22"}]}})";

TEST(MetadataTalk, ReadsAzuresDocument) {
  const Heard heard =
      talk_to(Cloud::azure, pages({{"/metadata/instance?api-version=2021-02-01", kAzureDocument}}));
  EXPECT_EQ(text(heard, key::cloud_provider), "azure");
  EXPECT_EQ(text(heard, key::cloud_region), "westeurope");
  EXPECT_EQ(text(heard, key::cloud_zone), "2");
  EXPECT_EQ(text(heard, key::local_instance), "02aab8a4-74ef-476e-8182-f6d2ba4166a6");
  EXPECT_EQ(text(heard, key::local_subnet_cidr), "10.144.133.128/26");
  ASSERT_EQ(heard.requests.size(), 1u);
  EXPECT_NE(heard.requests[0].find("\r\nMetadata: true\r\n"), std::string::npos);
}

TEST(MetadataTalk, AzuresDocumentMayLackOrMistakeAnything) {
  for (const std::string body :
       {"", "{}", "[1,2]", "null", "{\"compute\": 7}", "{\"compute\": {\"vmId\": 12}}",
        "{\"compute\": {\"vmId\": \"a\"", "{\"network\": {\"interface\": []}}"}) {
    const Heard heard =
        talk_to(Cloud::azure, pages({{"/metadata/instance?api-version=2021-02-01", body}}));
    EXPECT_FALSE(heard.recognised) << body;
    EXPECT_TRUE(heard.facts.empty()) << body;
  }
  const std::string bare = R"({"compute":{"vmId":"v","zone":""},"network":{"interface":[{}]}})";
  const Heard heard =
      talk_to(Cloud::azure, pages({{"/metadata/instance?api-version=2021-02-01", bare}}));
  EXPECT_TRUE(heard.recognised);
  EXPECT_FALSE(heard.facts.has(key::cloud_zone)) << "a VM in no zone";
  EXPECT_FALSE(heard.facts.has(key::local_subnet_cidr));
}

TEST(MetadataTalk, KnowsGoogleByItsHeaderOnly) {
  const Pages known{
      {"/computeMetadata/v1/instance/zone", "projects/123/zones/europe-west1-b"},
      {"/computeMetadata/v1/instance/network-interfaces/0/network", "projects/123/networks/prod"},
      {"/computeMetadata/v1/instance/id", "4520031799277581759"}};
  EXPECT_FALSE(talk_to(Cloud::gcp, pages(known)).recognised);
  const Heard heard = talk_to(Cloud::gcp, [&](const std::string& request) {
    auto said = pages(known)(request);
    said->headers.emplace_back("metadata-flavor", "Google");
    return said;
  });
  EXPECT_EQ(text(heard, key::cloud_provider), "gcp");
  EXPECT_EQ(text(heard, key::cloud_region), "europe-west1");
  EXPECT_EQ(text(heard, key::cloud_zone), "europe-west1-b");
  EXPECT_EQ(text(heard, key::local_vpc), "prod");
  EXPECT_EQ(text(heard, key::local_instance), "4520031799277581759");
  for (const auto& request : heard.requests)
    EXPECT_NE(request.find("\r\nMetadata-Flavor: Google\r\n"), std::string::npos);
}

const Pages kEcs{{"/latest/meta-data/region-id", "cn-hangzhou"},
                 {"/latest/meta-data/zone-id", "cn-hangzhou-i"},
                 {"/latest/meta-data/instance-id", "i-bp13"},
                 {"/latest/meta-data/vpc-id", "vpc-bp1"},
                 {"/latest/meta-data/vpc-cidr-block", "192.168.0.0/16"},
                 {"/latest/meta-data/vswitch-id", "vsw-bp1"},
                 {"/latest/meta-data/vswitch-cidr-block", "192.168.1.0/24"}};

TEST(MetadataTalk, LearnsOfAlibabaWithAndWithoutItsToken) {
  Pages hardened = kEcs;
  hardened["/latest/api/token"] = "abc=";
  for (const Pages& known : {kEcs, hardened}) {
    const Heard heard = talk_to(Cloud::alibaba, pages(known));
    EXPECT_EQ(text(heard, key::cloud_provider), "alibaba_cloud");
    EXPECT_EQ(text(heard, key::cloud_region), "cn-hangzhou");
    EXPECT_EQ(text(heard, key::cloud_zone), "cn-hangzhou-i");
    EXPECT_EQ(text(heard, key::local_instance), "i-bp13");
    EXPECT_EQ(text(heard, key::local_vpc), "vpc-bp1");
    EXPECT_EQ(text(heard, key::local_subnet), "vsw-bp1");
    EXPECT_EQ(text(heard, key::local_subnet_cidr), "192.168.1.0/24");
    EXPECT_EQ(*heard.facts.get(key::local_vpc_cidrs), Texts{"192.168.0.0/16"});
    const bool with_token =
        heard.requests.back().find("X-aliyun-ecs-metadata-token: abc=\r\n") != std::string::npos;
    EXPECT_EQ(with_token, known.contains("/latest/api/token"));
  }
}

TEST(MetadataTalk, NoCloudIsTakenForAnother) {
  const Service captive_portal = [](const std::string&) {
    return answer(200, "<html>Log in</html>");
  };
  const Service redirect = [](const std::string&) { return answer(302, "eu-central-1"); };
  const Service silence = [](const std::string&) { return std::nullopt; };
  for (const Cloud cloud : kClouds) {
    for (const Service& service : {captive_portal, redirect, silence}) {
      const Heard heard = talk_to(cloud, service);
      EXPECT_FALSE(heard.recognised);
      EXPECT_TRUE(heard.facts.empty());
      EXPECT_LE(heard.requests.size(), 2u);
    }
    EXPECT_EQ(talk_to(cloud, pages(kEc2)).recognised, cloud == Cloud::aws);
    EXPECT_EQ(talk_to(cloud, pages(kEcs)).recognised, cloud == Cloud::alibaba);
  }
}

TEST(MetadataTalk, TextIsMadePrintableAndBounded) {
  Pages hostile = kEc2;
  hostile["/latest/meta-data/instance-id"] = "\x1b[2J" + std::string(5000, 'i');
  hostile[kNic + "security-group-ids"] = std::string(5000, '\n') + "sg-\x07";
  const Heard heard = talk_to(Cloud::aws, pages(hostile));
  EXPECT_EQ(text(heard, key::local_instance).substr(0, 5), "\\x1b[");
  EXPECT_LE(text(heard, key::local_instance).size(), 140u);
  EXPECT_EQ(*heard.facts.get(key::local_groups), Texts{"sg-\\x07"});
}

}  // namespace
}  // namespace plumb::wire
