#include "src/output/registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/golden.hpp"
#include "tests/support/sample_reports.hpp"

namespace plumb::output {
namespace {

using test::sample;
using test::sample_reports;

TEST(Registry, HoldsTheFormatsOfTheContractInTheirOrder) {
  std::vector<std::string_view> names;
  for (const Renderer* renderer : renderers()) names.push_back(renderer->name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"text", "json", "jsonl", "html", "nagios",
                                                  "prometheus"}));
}

TEST(Registry, EveryRowWorksOneWayAndSaysWhatItIsFor) {
  for (const Renderer* renderer : renderers()) {
    EXPECT_FALSE(renderer->what.empty()) << renderer->name;
    EXPECT_NE(renderer->streams(), renderer->whole != nullptr) << renderer->name;
    EXPECT_EQ(renderer->streams(), renderer->end != nullptr) << renderer->name;
    EXPECT_TRUE(renderer->streams() || !renderer->top) << renderer->name;
  }
}

TEST(Registry, AnUnknownFormatIsNone) {
  EXPECT_EQ(find_renderer("xml"), nullptr);
  EXPECT_EQ(find_renderer(""), nullptr);
}

TEST(Registry, EverySampleInEveryFormatIsAsReviewed) {
  RenderOptions options;
  for (const test::Sample& one : sample_reports())
    for (const Renderer* renderer : renderers()) {
      const std::string file = std::string(one.name) + "." + std::string(renderer->name);
      EXPECT_EQ(test::differs_from_golden(file, render(*renderer, {&one.report, 1}, options)), "");
    }
}

TEST(Registry, AFleetInEveryFormatIsAsReviewed) {
  const std::vector<Report> fleet{sample("healthy"), sample("silent-syn"), sample("unknown")};
  for (const Renderer* renderer : renderers())
    EXPECT_EQ(test::differs_from_golden("fleet." + std::string(renderer->name),
                                        render(*renderer, fleet, {})),
              "");
}

TEST(Registry, WhatAFleetSharesIsAsReviewed) {
  for (const Renderer* renderer : renderers())
    EXPECT_EQ(test::differs_from_golden("dead-resolver." + std::string(renderer->name),
                                        render(*renderer, test::dead_resolver_fleet(), {})),
              "");
}

// What a terminal, a log or a browser must never get from a server, whichever format.
TEST(Registry, HostileTextReachesNoFormatRaw) {
  const Report report = test::hostile_report();
  RenderOptions options;
  options.explain = true;
  for (const Renderer* renderer : renderers()) {
    const std::string out = render(*renderer, {&report, 1}, options);
    EXPECT_EQ(out.find('\x1b'), std::string::npos) << renderer->name;
    EXPECT_EQ(out.find('\x07'), std::string::npos) << renderer->name;
    EXPECT_EQ(out.find('\r'), std::string::npos) << renderer->name;
    EXPECT_EQ(out.find('\xff'), std::string::npos) << renderer->name << ": not UTF-8";
  }
}

}  // namespace
}  // namespace plumb::output
