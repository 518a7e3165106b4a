#include "src/own_profile_json.hpp"

#include <gtest/gtest.h>

#include "src/strict_json.hpp"

namespace plumb {
namespace {

using output::Json;

TEST(OwnProfileJson, ComesBackAsItWentBarTheHosts) {
  UserProfileText own;
  own.name = "orders-db";
  own.like = "aurora-direct";
  own.hosts = "orders";
  own.title = "The orders database";
  own.ca = "/etc/ssl/orders.pem";
  own.server_name = "orders.corp.example";
  own.flavors = {"aurora", "mysql"};
  own.address = Expected::private_address;
  own.port = 3307;
  own.tls = TlsMode::verify_ca;
  own.behind_load_balancer = false;
  const UserProfileText back = own_profile_from_json(own_profile_to_json(own));
  EXPECT_EQ(back.like, own.like);
  EXPECT_EQ(back.title, own.title);
  EXPECT_EQ(back.ca, own.ca);
  EXPECT_EQ(back.server_name, own.server_name);
  EXPECT_EQ(back.flavors, own.flavors);
  EXPECT_EQ(back.address, own.address);
  EXPECT_EQ(back.port, own.port);
  EXPECT_EQ(back.tls, own.tls);
  EXPECT_EQ(back.behind_load_balancer, own.behind_load_balancer);
  EXPECT_EQ(back.hosts, "");
}

TEST(OwnProfileJson, TrustsNothing) {
  EXPECT_THROW(own_profile_from_json(Json{{"like", "mysql"}, {"more", 1}}), strict::Wrong);
  EXPECT_THROW(own_profile_from_json(Json{{"like", "mysql"}, {"port", 0}}), strict::Wrong);
  EXPECT_THROW(own_profile_from_json(Json{{"like", "mysql"}, {"flavors", "x"}}), strict::Wrong);
  EXPECT_THROW(own_profile_from_json(Json::object()), strict::Wrong);
}

}  // namespace
}  // namespace plumb
