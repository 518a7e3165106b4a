#include "checks/tcp/pinned_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/mysql/facts.hpp"
#include "checks/session/facts.hpp"
#include "probe/model/experiment.hpp"
#include "probe/model/keys.hpp"
#include "tests/support/case_builder.hpp"

namespace plumb::tcp {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

Case with_pinned(const char* address) {
  Case about = test::CaseBuilder("db.example.com:3306")
                   .resolved({"10.0.0.7"})
                   .connect("10.0.0.7:3306")
                   .build();
  if (address) about.policy.pinned_target = Address::parse(address);
  return about;
}

Observation follow_up(Phase phase, std::optional<Failure> failure = {}) {
  Observation seen;
  seen.phase = phase;
  seen.endpoint = "10.0.0.5:3306";
  seen.failure = failure;
  seen.facts.set(key::path_experiment, std::string(experiment::kPinnedTarget));
  return seen;
}

// The follow-up at an address, as far as the server's word on itself.
struct Server {
  std::string version = "8.0.36", uuid = {}, hostname = {};
  std::vector<std::string> read_only_by = {};
};

void add_conversation(Case& about, const char* endpoint, const std::optional<Server>& server) {
  int before = 0;
  const auto add = [&](Observation seen) {
    seen.endpoint = endpoint;
    seen.after = before;
    before = about.evidence.add(std::move(seen));
  };
  add(follow_up(Phase::connect));
  Observation greeting = follow_up(Phase::greeting);
  if (server) greeting.facts.set(mysql::key::version, server->version);
  add(greeting);
  Observation login = follow_up(Phase::login);
  login.facts.set(mysql::key::login_account, server.has_value());
  add(login);
  if (!server) return;
  Observation session = follow_up(Phase::session);
  session.facts.set(session::key::server_uuid, server->uuid);
  session.facts.set(session::key::hostname, server->hostname);
  session.facts.set(session::key::read_only_by, server->read_only_by);
  add(session);
}

Verdict between(const Server& here, const Server& there) {
  Case about = with_pinned("10.0.0.5");
  about.policy.account = "app";
  add_conversation(about, "10.0.0.7:3306", here);
  add_conversation(about, "10.0.0.5:3306", there);
  return pinned_target_left(about);
}

std::string bound(const Verdict& verdict, std::string_view wanted) {
  return std::string(verdict.bound(wanted));
}

TEST(PinnedTarget, ThatTheNameStillGivesIsNoFault) {
  EXPECT_FALSE(pinned_target_left(with_pinned(nullptr)).matched);
  EXPECT_FALSE(pinned_target_left(with_pinned("10.0.0.7")).matched);
}

TEST(PinnedTarget, ThatTheDatabaseHasLeftIsCertain) {
  Case about = with_pinned("10.0.0.5");
  const Verdict unseen = pinned_target_left(about);
  EXPECT_TRUE(unseen.matched);
  EXPECT_EQ(unseen.confidence, Confidence::certain);
  EXPECT_EQ(unseen.severity, Severity::error);
  EXPECT_THAT(bound(unseen, "what"), StartsWith("The load balancer sends to 10.0.0.5, while"));
  EXPECT_THAT(bound(unseen, "what"), HasSubstr("10.0.0.7:3306"));
  about.evidence.add(follow_up(Phase::connect, Failure::timed_out));
  EXPECT_EQ(bound(pinned_target_left(about), "who"), "Nobody answers there any more");
}

TEST(PinnedTarget, WithoutAnAccountAServerIsAServer) {
  Case about = with_pinned("10.0.0.5");
  add_conversation(about, "10.0.0.5:3306", std::nullopt);
  EXPECT_EQ(bound(pinned_target_left(about), "who"),
            "A server still answers there: an old writer, or a reader");
  about.policy.account = "app";
  EXPECT_THAT(bound(pinned_target_left(about), "who"), HasSubstr("it was not asked which"));
}

TEST(PinnedTarget, WhatDoesNotGreet) {
  for (const auto& [failure, said] : {std::pair{Failure::not_mysql, "is no MySQL server"},
                                      std::pair{Failure::timed_out, "does not greet"}}) {
    Case about = with_pinned("10.0.0.5");
    const int connect = about.evidence.add(follow_up(Phase::connect));
    Observation greeting = follow_up(Phase::greeting, failure);
    greeting.after = connect;
    about.evidence.add(greeting);
    EXPECT_THAT(bound(pinned_target_left(about), "who"), EndsWith(said));
  }
}

TEST(PinnedTarget, AReaderTakesNoWrites) {
  const Verdict reader = between({.uuid = "a"}, {.uuid = "b", .read_only_by = {"super_read_only"}});
  EXPECT_EQ(reader.severity, Severity::error);
  EXPECT_EQ(bound(reader, "kind"), "reader");
  EXPECT_THAT(bound(reader, "who"), HasSubstr("super_read_only is ON; server b"));
  EXPECT_THAT(bound(reader, "who"), EndsWith("1290 or 1836"));
  const Verdict copy = between({.uuid = "a"}, {.uuid = "a", .read_only_by = {"read_only"}});
  EXPECT_EQ(bound(copy, "kind"), "reader") << "a copied data directory brings its uuid along";
}

TEST(PinnedTarget, AnotherUuidIsAnotherServer) {
  const Verdict other = between({.uuid = "a"}, {.uuid = "b"});
  EXPECT_EQ(other.severity, Severity::error);
  EXPECT_EQ(bound(other, "kind"), "other");
  EXPECT_THAT(bound(other, "who"), HasSubstr("server b, the name's is a"));
}

TEST(PinnedTarget, TheSameServerIsNoFailure) {
  const Verdict same = between({.uuid = "a"}, {.uuid = "a"});
  EXPECT_EQ(same.severity, Severity::warning);
  EXPECT_EQ(bound(same, "kind"), "same");
}

TEST(PinnedTarget, AUuidOfZerosSaysNothing) {
  const std::string zeros = "00000000-0000-0000-0000-000000000000";
  EXPECT_THAT(bound(between({.uuid = zeros}, {.uuid = zeros}), "who"), EndsWith("is not told"));
  EXPECT_THAT(
      bound(between({.uuid = zeros, .hostname = "tidb-0"}, {.uuid = zeros, .hostname = "tidb-1"}),
            "who"),
      HasSubstr("Another server answers there"));
  EXPECT_THAT(bound(between({.version = "8.0.36", .uuid = "a"},
                            {.version = "8.0.11-TiDB-v8.5.3", .uuid = zeros}),
                    "who"),
              HasSubstr("Another server answers there"));
}

TEST(PinnedTarget, WhoDoesNotTellWhetherItTakesWritesIsNotSaidToTakeThem) {
  Case about = with_pinned("10.0.0.5");
  about.policy.account = "app";
  add_conversation(about, "10.0.0.7:3306", Server{.uuid = "a", .read_only_by = {"read_only"}});
  add_conversation(about, "10.0.0.5:3306", Server{.uuid = "a"});
  about.evidence.observations.back().facts = follow_up(Phase::session).facts;
  EXPECT_EQ(bound(pinned_target_left(about), "who"),
            "A server answers there (server without a name); whether it is the name's is not told");
}

TEST(PinnedTarget, AProxyMayGreetOtherwise) {
  EXPECT_EQ(bound(between({.version = "8.0.36", .uuid = "a"}, {.version = "5.7.44", .uuid = "a"}),
                  "kind"),
            "same");
}

TEST(PinnedTarget, ANameThatLeadsToAReaderItselfIsSaid) {
  const Verdict turned = between({.uuid = "a", .read_only_by = {"read_only"}}, {.uuid = "b"});
  EXPECT_THAT(bound(turned, "what"), EndsWith("itself a reader (read_only is ON)"));
  EXPECT_EQ(bound(turned, "kind"), "turned") << "its address is none to register";
  EXPECT_EQ(turned.severity, Severity::warning) << "the registered one may be the writer";
}

TEST(PinnedTarget, TheWordsFitIntoAReport) {
  const Server longest{.uuid = std::string(64, 'u'),
                       .read_only_by = {"read_only", "super_read_only"}};
  EXPECT_LT(bound(between(longest, longest), "who").size(), 256u);
  EXPECT_LT(
      bound(between({.uuid = std::string(36, 'a')}, {.uuid = std::string(36, 'b')}), "who").size(),
      256u);
}

}  // namespace
}  // namespace plumb::tcp
