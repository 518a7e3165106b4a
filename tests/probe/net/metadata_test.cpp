// Against a small HTTP server on loopback, which stands where the clouds' services would.
#include "probe/net/metadata.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <functional>
#include <mutex>
#include <string>

#include "probe/model/keys.hpp"
#include "probe/net/asio_network.hpp"
#include "tests/support/loopback_server.hpp"

namespace plumb::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The whole answer to a request; empty: silence, for as long as the client cares to wait.
using Behaviour = std::function<std::string(const std::string& request)>;

class HttpServer {
 public:
  explicit HttpServer(Behaviour behaviour)
      : behaviour_(std::move(behaviour)), server_([this](int fd) { serve(fd); }) {}
  Endpoint endpoint() const { return server_.endpoint(); }

 private:
  void serve(int fd) {
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n") && recv(fd, &byte, 1, 0) == 1) request += byte;
    const std::string answer = behaviour_(request);
    if (answer.empty()) return;
    (void)!send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
  }
  Behaviour behaviour_;
  test::LoopbackServer server_;
};

std::string http(int status, const std::string& body, const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string date(seconds offset) {
  const std::time_t at = std::time(nullptr) + offset.count();
  std::tm parts{};
  char text[64];
  std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", gmtime_r(&at, &parts));
  return text;
}

// IMDSv2: nothing without the token.
std::string ec2(const std::string& request) {
  if (request.starts_with("PUT /latest/api/token ") &&
      request.find("\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n") != std::string::npos)
    return http(200, "the-token");
  if (request.find("\r\nX-aws-ec2-metadata-token: the-token\r\n") == std::string::npos)
    return http(401, "");
  const std::string headers = date(seconds(-3600));
  if (request.starts_with("GET /latest/meta-data/placement/region "))
    return http(200, "eu-west-1", headers);
  if (request.starts_with("GET /latest/meta-data/mac ")) return http(200, "0a:1b:2c:3d:4e:5f");
  if (request.starts_with(
          "GET /latest/meta-data/network/interfaces/macs/0a:1b:2c:3d:4e:5f/vpc-id "))
    return http(200, "vpc-1");
  return http(404, "");
}

awaitable<void> ask(AsioNetwork& network, Deadline deadline, Observation& seen) {
  seen = co_await network.metadata(deadline);
}

Observation ask(std::optional<MetadataPlaces> places, milliseconds limit = seconds(10),
                milliseconds stop_after = milliseconds(0)) {
  asio::io_context io;
  Guards guards;
  AsioNetwork network(io, std::nullopt, guards, places);
  Observation seen;
  asio::co_spawn(io, ask(network, Clock::now() + limit, seen), asio::detached);
  net::Timer interrupt(io);
  if (stop_after.count() > 0) {
    interrupt.expires_after(stop_after);
    interrupt.async_wait([&](const error_code&) { network.stop(); });
  }
  io.run();
  return seen;
}

// The real time is short for a machine that is busy with other tests.
MetadataPlaces at(const Endpoint& link_local, Micros whole = seconds(20)) {
  return {link_local, test::closed_port(), whole};
}
const Micros kReal = MetadataPlaces{}.whole;

std::string text(const Observation& seen, const key::Text& key) {
  return seen.facts.get_or(key, std::string("absent"));
}

TEST(Metadata, LearnsWhereItIsFromTheCloudThatAnswersAsItself) {
  const HttpServer server(ec2);
  const Observation seen = ask(at(server.endpoint()));
  EXPECT_EQ(seen.phase, Phase::local);
  EXPECT_FALSE(seen.failure);
  EXPECT_EQ(text(seen, key::local_metadata), "answered");
  EXPECT_EQ(text(seen, key::cloud_provider), "aws");
  EXPECT_EQ(text(seen, key::cloud_region), "eu-west-1");
  EXPECT_EQ(text(seen, key::local_vpc), "vpc-1");
  EXPECT_FALSE(seen.facts.has(key::cloud_zone));
  EXPECT_NEAR(seen.facts.get_or(key::local_clock_offset_s, 0.0), 3600.0, 2.0);
}

TEST(Metadata, AlibabaHasAPlaceOfItsOwn) {
  const HttpServer ecs([](const std::string& request) {
    return request.starts_with("GET /latest/meta-data/region-id ") ? http(200, "cn-hangzhou")
                                                                   : http(404, "");
  });
  MetadataPlaces places{test::closed_port(), ecs.endpoint(), seconds(20)};
  EXPECT_EQ(text(ask(places), key::cloud_provider), "alibaba_cloud");
  std::swap(places.link_local, places.alibaba);
  EXPECT_EQ(text(ask(places), key::local_metadata), "silent");
}

TEST(Metadata, AnAnswerThatEndsWithItsConnectionCounts) {
  const HttpServer google([](const std::string& request) -> std::string {
    if (request.find("\r\nMetadata-Flavor: Google\r\n") == std::string::npos) return http(403, "");
    return "HTTP/1.0 200 OK\r\nMetadata-Flavor: Google\r\n\r\nprojects/1/zones/us-east1-c";
  });
  const Observation seen = ask(at(google.endpoint()));
  EXPECT_EQ(text(seen, key::cloud_provider), "gcp");
  EXPECT_EQ(text(seen, key::cloud_region), "us-east1");
}

// As behind a hop limit: the connection stands, and no answer arrives.
TEST(Metadata, SilenceTakesAFifthOfASecond) {
  const HttpServer mute([](const std::string&) { return std::string(); });
  const Observation seen = ask(at(mute.endpoint(), kReal));
  EXPECT_EQ(text(seen, key::local_metadata), "silent");
  EXPECT_FALSE(seen.facts.has(key::cloud_provider));
  EXPECT_FALSE(seen.failure) << "not to be in a cloud is no failure";
  EXPECT_GE(seen.took, milliseconds(190));
  EXPECT_LT(seen.took, seconds(5)) << "200 ms and what a busy machine adds";
  const Observation hurried = ask(at(mute.endpoint()), milliseconds(40));
  EXPECT_LT(hurried.took, seconds(5)) << "the deadline comes first";
}

TEST(Metadata, WhereNobodyListensItIsKnownAtOnce) {
  const Observation seen = ask(at(test::closed_port()));
  EXPECT_EQ(text(seen, key::local_metadata), "silent");
  EXPECT_LT(seen.took, seconds(5));
}

TEST(Metadata, WhatWasLearntWhenTheTimeIsUpIsKept) {
  const HttpServer slow([](const std::string& request) {
    return request.find("/mac ") == std::string::npos ? ec2(request) : std::string();
  });
  const Observation seen = ask(at(slow.endpoint(), seconds(2)));
  EXPECT_EQ(text(seen, key::local_metadata), "answered");
  EXPECT_EQ(text(seen, key::cloud_region), "eu-west-1");
  EXPECT_FALSE(seen.facts.has(key::local_vpc));
}

TEST(Metadata, AFloodIsBounded) {
  const HttpServer endless(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\nX: " + std::string(1 << 20, 'x'); });
  const Observation seen = ask(at(endless.endpoint()));
  EXPECT_EQ(text(seen, key::local_metadata), "silent");
  EXPECT_LT(seen.took, seconds(10)) << "too much is no answer: nobody waits for its end";
}

TEST(Metadata, SwitchedOffNobodyIsAsked) {
  const Observation seen = ask(std::nullopt);
  EXPECT_EQ(text(seen, key::local_metadata), "off");
  EXPECT_EQ(seen.took, Micros(0));
}

TEST(Metadata, AnInterruptEndsItAndNothingIsClaimed) {
  const HttpServer mute([](const std::string&) { return std::string(); });
  const Observation seen = ask(at(mute.endpoint()), seconds(10), milliseconds(30));
  EXPECT_LT(seen.took, seconds(5));
  EXPECT_FALSE(seen.facts.has(key::local_metadata));
}

TEST(Metadata, TheRealPlacesAreTheClouds) {
  EXPECT_EQ(MetadataPlaces{}.link_local.to_string(), "169.254.169.254:80");
  EXPECT_EQ(MetadataPlaces{}.alibaba.to_string(), "100.100.100.200:80");
  EXPECT_EQ(kReal, milliseconds(200));
}

}  // namespace
}  // namespace plumb::net
