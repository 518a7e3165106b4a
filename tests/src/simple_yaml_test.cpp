#include "src/simple_yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::Optional;
using testing::Pair;

TEST(SimpleYaml, ReadsWhatProgramsWrite) {
  const auto both =
      Optional(ElementsAre(Pair("target", "t1.corp.example:3306"), Pair("connect_to", "10.0.0.7")));
  EXPECT_THAT(simple_pairs("- {target: 't1.corp.example:3306', connect_to: 10.0.0.7}\n"), both);
  EXPECT_THAT(simple_pairs("  -  {target: 't1.corp.example:3306' ,connect_to: 10.0.0.7 }"),
              std::nullopt);
  EXPECT_THAT(simple_pairs("  - { target: t1.corp.example:3306 ,connect_to:  '10.0.0.7'} \n\n"),
              both);
  EXPECT_THAT(simple_pairs("- target: t1.corp.example:3306 \n  connect_to: 10.0.0.7\n"), both);
  EXPECT_THAT(simple_pairs("  - target: 't1.corp.example:3306'\n    connect_to: 10.0.0.7"), both);
  EXPECT_THAT(simple_pairs("- db:4000\n"), Optional(ElementsAre(Pair("target", "db:4000"))));
  EXPECT_THAT(simple_pairs("- 'mysql://app@[::1]/shop'\n"),
              Optional(ElementsAre(Pair("target", "mysql://app@[::1]/shop"))));
}

constexpr std::string_view kNotSimple[] = {
    // clang-format off
    "- {}", "- {target: db", "- {target: db}}", "- {target: db} # dead",
    "- {target: db, labels: {a: b}}", "- {target: 'it''s'}", "- {target: \"db\"}",
    "- {target: 'd\tb'}", "- {target: 'd\nb'}", "- {target: 'd\xc3\xa9'}", "- {target: null}", "- {null: db}",
    "- {target: ~}", "- {target: }", "- {target:db}", "- {target: a b}", "- {target: a:}",
    "- {target: ::1}", "- {target: *x}", "- {target: &x y}", "- {target: !!str db}",
    "- {target: |}", "- {Target: db}",
    "", "-", "- ", "- target: db\n connect_to: x", "- target: db\n\n  ca: x",
    "- target: db\n  ca: x\n- db", "- target: db\n   more", "- target:\n  db", "- - db",
    "- [db]", "target: db", "- db # dead", "- db\n- db", "\t- db", "- db\r\n", "- 'db' 'db'",
    // clang-format on
};

TEST(SimpleYaml, LeavesWhatIsNotSimple) {
  for (const std::string_view text : kNotSimple)
    EXPECT_EQ(simple_pairs(text), std::nullopt) << text;
}

TEST(SimpleYaml, SaysWhatYamlSays) {
  const std::array<std::string, 12> values{
      "a",   "a:1",  "'a b'", "' '",  "''",        "'#: {}[],&*!|>%@`'",
      "1.5", "0x10", "true",  "1::2", "a//b:c-_.", "'\"\\n'"};
  for (const std::string& one : values)
    for (const std::string& other : values)
      for (const std::string& text :
           {"- {target: " + one + ", ca: " + other + "}\n",
            "- target: " + one + "\n  ca: " + other + "\n", "- " + one + "\n"}) {
        const auto pairs = simple_pairs(text);
        ASSERT_TRUE(pairs) << text;
        const YAML::Node node = YAML::Load(text)[0];
        std::map<std::string, std::string> said;
        if (node.IsScalar()) said["target"] = node.Scalar();
        if (node.IsMap()) said = node.as<std::map<std::string, std::string>>();
        EXPECT_EQ((std::map<std::string, std::string>(pairs->begin(), pairs->end())), said) << text;
      }
}

}  // namespace
}  // namespace plumb
