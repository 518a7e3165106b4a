#include <gtest/gtest.h>

#include "src/output/registry.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;

std::string page(const Report& report, const RenderOptions& options = {}) {
  return render(*find_renderer("html"), {&report, 1}, options);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(HtmlPage, FetchesNothingAndRunsNothing) {
  for (const test::Sample& one : test::sample_reports()) {
    const std::string out = page(one.report);
    for (const char* forbidden :
         {"<script", " src=", "<link", "<img", "url(", "@import", "javascript:", " style="})
      EXPECT_EQ(out.find(forbidden), std::string::npos) << forbidden;
    EXPECT_NE(out.find("default-src 'none'"), std::string::npos);
  }
}

TEST(HtmlPage, HasOneMainHeadingAndScopedTableHeads) {
  const std::string out = page(sample("silent-syn"));
  EXPECT_EQ(count(out, "<h1"), 1U);
  EXPECT_EQ(count(out, "<th scope=\"col\""), 5U);
  EXPECT_EQ(count(out, "<caption>"), 1U);
  const std::vector<Report> both{sample("healthy"), sample("silent-syn")};
  const std::string fleet = render(*find_renderer("html"), both, {});
  EXPECT_EQ(count(fleet, "<h1"), 1U);
  EXPECT_EQ(count(fleet, "<h2"), 2U);
}

TEST(HtmlPage, HeadingsFollowOneAnotherWithoutAGap) {
  const std::vector<Report> both{sample("silent-syn"), sample("dead-zone")};
  for (const std::string& out : {page(both[0]), render(*find_renderer("html"), both, {})}) {
    int last = 0;
    for (auto at = out.find("<h"); at != std::string::npos; at = out.find("<h", at + 1)) {
      const int level = out[at + 2] - '0';
      if (level < 1 || level > 6) continue;  // <html>, <head>, <header>
      EXPECT_LE(level, last + 1);
      last = level;
    }
    EXPECT_GE(last, 2);
  }
}

TEST(HtmlPage, EveryObservationHasItsRowAndItsFacts) {
  const std::string out = page(sample("healthy"));
  EXPECT_EQ(count(out, "<td class=\"n\">"), 13U);
  EXPECT_EQ(count(out, "<details>"), 13U);
  EXPECT_NE(out.find("C=US, O=Let&#39;s Encrypt, CN=E7"), std::string::npos);
}

TEST(HtmlPage, NothingOfAServerIsMarkup) {
  RenderOptions options;
  options.explain = true;
  const std::string out = page(test::hostile_report(), options);
  EXPECT_EQ(out.find("<script"), std::string::npos);
  EXPECT_NE(out.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
}

TEST(HtmlPage, RuledOutIsThereWhenAskedToExplain) {
  RenderOptions options;
  options.explain = true;
  EXPECT_EQ(page(sample("silent-syn")).find("Ruled out"), std::string::npos);
  EXPECT_NE(page(sample("silent-syn"), options).find("Ruled out"), std::string::npos);
}

}  // namespace
}  // namespace plumb::output
