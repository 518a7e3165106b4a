#include "checks/mysql/auth.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/mysql_frames.hpp"

namespace plumb::mysql {
namespace {

std::string hex(wire::View bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

// Expected values: computed with Python's hashlib from the formulas in auth.hpp.
TEST(Auth, NativePassword) {
  EXPECT_EQ(hex(scramble(Plugin::native, Secret("s3cret"), test::nonce())),
            "f66fdd3ff855d9349a0ddb50c4a1a535fb412465");
}

TEST(Auth, CachingSha2Password) {
  EXPECT_EQ(hex(scramble(Plugin::caching_sha2, Secret("s3cret"), test::nonce())),
            "3f3a9a7786fd9be9a006eed686b4e6b76484fdc06dc15685df5f8793574b84fc");
}

TEST(Auth, NoProofWithoutPasswordNonceOrPlugin) {
  EXPECT_TRUE(scramble(Plugin::native, Secret(), test::nonce()).empty());
  EXPECT_TRUE(scramble(Plugin::caching_sha2, Secret("s3cret"), wire::Bytes(8, 1)).empty());
  EXPECT_TRUE(scramble(Plugin::unsupported, Secret("s3cret"), test::nonce()).empty());
}

TEST(Auth, OnlyTwoPluginsAreServed) {
  EXPECT_EQ(plugin_of("mysql_native_password"), Plugin::native);
  EXPECT_EQ(plugin_of("caching_sha2_password"), Plugin::caching_sha2);
  for (const char* name :
       {"mysql_clear_password", "sha256_password", "client_ed25519", "dialog", ""})
    EXPECT_EQ(plugin_of(name), Plugin::unsupported) << name;
}

}  // namespace
}  // namespace plumb::mysql
