#include "src/output/causes_markdown.hpp"

#include <gtest/gtest.h>

#include <array>

#include "src/catalogue.hpp"
#include "tests/support/golden.hpp"

namespace plumb::output {
namespace {

Verdict never(const Case&) { return Verdict::no("never"); }

constexpr RemedyTemplate kSteps[] = {
    {"Allow {port} on *.*, see max_errors [1]:", "aws x --port {port}\naws y '*'"},
    {"Else wait.", "", "tidb-starter tidb-premium"}};
constexpr Cause kOne{.id = "tcp-one",
                     .layer = Layer::tcp,
                     .severity = Severity::error,
                     .owner = Owner::network,
                     .title = "The first",
                     .shows_as = "silence at {host}",
                     .summary = {},
                     .remedy = kSteps,
                     .look_alikes = {},
                     .decide_by = {},
                     .source = "RFC 793",
                     .match = never};

TEST(CausesMarkdown, ASectionIsReadAsItIsMeantWhereverMarkdownHasSignsOfItsOwn) {
  const std::array<const Cause*, 1> causes{&kOne};
  const std::string out = causes_markdown(causes);
  EXPECT_EQ(out.substr(out.find("\n## Contents")),
            "\n## Contents\n\n- [tcp](#tcp)\n  - [tcp-one](#tcp-one): The first\n"
            "\n## tcp\n\n### tcp-one\n\nThe first. *tcp, error; network must act.*\n\n"
            "**How it shows.** silence at \\<host>\n\n"
            "**What to do** (network).\n\n"
            "1. Allow \\<port> on \\*.\\*, see max_errors \\[1\\]:\n\n"
            "   ```\n   aws x --port <port>\n   aws y '*'\n   ```\n\n"
            "2. Else wait. *(profiles tidb-starter tidb-premium…)*\n\n"
            "**Source.** RFC 793\n");
}

TEST(CausesDocument, IsWhatTheRowsSay) {
  EXPECT_EQ(test::differs_from_golden("../../docs/causes.md", causes_markdown(catalogue())), "");
}

}  // namespace
}  // namespace plumb::output
