#include "src/output/profiles_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "src/output/facts_json.hpp"

namespace plumb::output {
namespace {

using testing::HasSubstr;
using testing::Not;

// A word of its own, such as a regular expression or a URL, is never broken.
void expect_width(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool one_word = line.find(' ', std::min<std::size_t>(line.size(), 16)) == line.npos;
    EXPECT_TRUE(line.size() <= 80 || one_word) << line;
  }
}

TEST(ProfilesText, FitsEightyColumns) {
  expect_width(profiles_list(profiles()));
  for (const Profile& profile : profiles()) expect_width(profile_page(profile));
}

TEST(ProfilesText, ThePageSaysWhatIsRightAndWhatIsNormal) {
  const std::string page = profile_page(*find_profile("heatwave-egress-aurora"));
  EXPECT_THAT(page, HasSubstr("  Chosen by     --profile heatwave-egress-aurora\n"));
  EXPECT_THAT(page, HasSubstr("  TLS           required\n"));
  EXPECT_THAT(page, HasSubstr("Normal there\n"));
  EXPECT_THAT(page, HasSubstr("From where it shows what\n"));
  EXPECT_THAT(profile_page(*find_profile("mysql")), Not(HasSubstr("Normal there")));
}

TEST(ProfilesText, EveryDeploymentOfAVendorSaysWhereItComesFrom) {
  for (const Profile& profile : profiles()) {
    EXPECT_FALSE(profile.title.empty()) << profile.name;
    const bool own_server = profile.name == "mysql" || profile.name == "mariadb";
    EXPECT_EQ(profile.source.empty(), own_server) << profile.name;
  }
}

TEST(ProfilesText, JsonHasARowForEach) {
  const Json json = Json::parse(profiles_json(profiles()));
  EXPECT_EQ(json["schema"], "plumb.profiles/1");
  ASSERT_EQ(json["profiles"].size(), profiles().size());
  for (const Json& row : json["profiles"]) EXPECT_TRUE(row["tls"].is_string());
}

}  // namespace
}  // namespace plumb::output
