#include "probe/model/user_profile.hpp"

#include <gtest/gtest.h>

namespace plumb {
namespace {

UserProfileText orders() {
  UserProfileText text;
  text.name = "orders-db";
  text.like = "aurora-direct";
  text.hosts = R"(orders-[a-z]+\.corp\.example)";
  return text;
}

TEST(UserProfile, IsLikeAShippedOneButForWhatItSays) {
  UserProfileText text = orders();
  text.port = 3307;
  text.tls = TlsMode::verify_full;
  text.ca = "/etc/ssl/orders.pem";
  text.flavors = {"aurora", "mysql"};
  text.behind_load_balancer = true;
  const auto made = UserProfile::make(text);
  ASSERT_TRUE(made.profile) << made.error;
  const Profile& row = made.profile->row();
  EXPECT_EQ(row.name, "orders-db");
  EXPECT_EQ(row.kind(), "aurora-direct") << "its remedies are those of Aurora";
  EXPECT_EQ(row.product, Product::aurora);
  EXPECT_EQ(row.port, 3307);
  EXPECT_EQ(row.tls, TlsMode::verify_full);
  EXPECT_EQ(row.ca, "/etc/ssl/orders.pem");
  EXPECT_EQ(row.flavors, "aurora mysql");
  EXPECT_TRUE(row.behind_load_balancer);
  EXPECT_EQ(row.title, find_profile("aurora-direct")->title);
}

TEST(UserProfile, MatchesTheWholeHost) {
  const auto made = UserProfile::make(orders());
  EXPECT_TRUE(made.profile->is_for("orders-eu.corp.example"));
  EXPECT_FALSE(made.profile->is_for("orders-eu.corp.example.org"));
  EXPECT_FALSE(made.profile->is_for(std::string(1000, 'a')));
  UserProfileText by_name = orders();
  by_name.hosts.clear();
  EXPECT_FALSE(UserProfile::make(by_name).profile->is_for("")) << "chosen by name only";
}

TEST(UserProfile, NoPatternHoldsARunUp) {
  UserProfileText text = orders();
  text.hosts = "((a|a)*)*b";
  EXPECT_FALSE(UserProfile::make(text).profile->is_for(std::string(253, 'a')));
  text.hosts = "(a)\\1";
  EXPECT_TRUE(UserProfile::make(text).error.starts_with("hosts: (a)\\1 is no regular expression"));
}

TEST(UserProfile, SaysWhatIsWrong) {
  const auto fault = [](void (*spoil)(UserProfileText&)) {
    UserProfileText text = orders();
    spoil(text);
    return UserProfile::make(text).error;
  };
  EXPECT_EQ(fault([](UserProfileText& text) { text.name = "Orders"; }),
            "a profile's name has 1 to 64 of a-z 0-9 - _ and .");
  EXPECT_EQ(fault([](UserProfileText& text) { text.name = "mysql"; }),
            "the name mysql is a shipped profile's");
  EXPECT_EQ(fault([](UserProfileText& text) { text.like = "aurora"; }),
            "like: no shipped profile is called aurora");
  EXPECT_TRUE(fault([](UserProfileText& text) { text.hosts = "(("; }).starts_with("hosts: (("));
  EXPECT_EQ(fault([](UserProfileText& text) { text.hosts = std::string(600, 'a'); }),
            "hosts: longer than 512 characters");
  EXPECT_EQ(fault([](UserProfileText& text) { text.hosts = "orders\x1b[2J"; }),
            "hosts: too long, or it holds a character that cannot be shown");
  EXPECT_EQ(fault([](UserProfileText& text) { text.ca = "/etc/\xff"; }),
            "ca: too long, or it holds a character that cannot be shown");
  EXPECT_TRUE(fault([](UserProfileText& text) {
                text.flavors = {"aurora", "oracle"};
              }).starts_with("flavors: oracle is none of mysql, mariadb, "));
}

TEST(ChooseProfile, TheUsersComeFirstAndANameDecides) {
  const UserProfiles own{UserProfile::make(orders()).profile};
  const ChosenProfile by_host = choose_profile(own, "", "orders-eu.corp.example");
  EXPECT_EQ(by_host.profile->name, "orders-db");
  EXPECT_EQ(by_host.own, own.front()) << "who keeps the row";
  EXPECT_EQ(choose_profile(own, "orders-db", "x").profile->name, "orders-db");
  EXPECT_EQ(choose_profile(own, "tidb-premium", "x").profile->name, "tidb-premium");
  EXPECT_EQ(choose_profile(own, "", "db.example.com").profile->name, "mysql");
  EXPECT_EQ(choose_profile(own, "nope", "x").profile, nullptr);
}

}  // namespace
}  // namespace plumb
