// README.md and the pages of docs/systems hold what plumb says, not what somebody remembers. Behind
// `<!-- screen: evidence/NAME.jsonl -->` stands the replay of that evidence: whole when all is well,
// else without the table of steps; behind `<!-- candidate: CAUSE in evidence/NAME.jsonl -->` what
// --explain says of one candidate among several. PLUMB_UPDATE_GOLDEN=1 writes them anew. Every cause
// that a page names exists, every page has what a reader comes for, every requirement has its row.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "src/catalogue.hpp"
#include "src/evidence_file.hpp"
#include "src/judge.hpp"
#include "src/output/registry.hpp"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFence = "```\n";
const std::string kNone = "nothing to show: ";
constexpr std::string_view kRequirements = "requirements.md";
// What a page has, in this order; of the last, this many kinds.
constexpr std::string_view kSections[] = {"\n## What must be true\n", "\n## From where to run it\n",
                                          "\n## The command\n", "\n## Healthy\n",
                                          "\n## How it usually breaks\n"};
constexpr int kWaysToBreak = 5;

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string replay(const fs::path& evidence, bool whole, bool explain) {
  std::ifstream in(evidence);
  EvidenceFile saved = read_evidence(in);
  if (!saved.error.empty()) return kNone + evidence.filename().string() + ": " + saved.error + "\n";
  const Report report = judge(std::move(saved.cases.front()));
  std::string text = output::find_renderer("text")->each(report, {.explain = explain});
  static const std::regex table("\n +#  phase ");
  std::smatch at;
  if ((!whole || report.diagnosis.outcome != Outcome::ok) && std::regex_search(text, at, table))
    text.resize(static_cast<std::size_t>(at.position()));
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

// One candidate's part of what --explain says: its line, and the indented ones behind it.
std::string candidate(const fs::path& evidence, const std::string& cause) {
  const std::string text = replay(evidence, false, true);
  std::smatch begin, end;
  if (!std::regex_search(text, begin, std::regex("\n  \\d+\\. " + cause + " \\(")))
    return kNone + cause + " in " + evidence.filename().string() + "\n";
  const std::string rest = text.substr(static_cast<std::size_t>(begin.position()) + 1);
  static const std::regex next(
      "\n\n?(  \\d+\\. [a-z]+-[a-z0-9-]+ \\(|  Note:|  Also found:|  Ruled out:)");
  const std::size_t length = std::regex_search(rest, end, next)
                                 ? static_cast<std::size_t>(end.position())
                                 : rest.find_last_not_of('\n') + 1;
  return rest.substr(0, length) + "\n";
}

// The page with every block behind a mark replaced by what comes out now.
std::string renewed(const fs::path& page) {
  static const std::regex mark(
      "<!-- (?:screen: |candidate: ([a-z0-9-]+) in )((?:docs/systems/)?evidence/[^ ]+) -->\n");
  const std::string text = read(page);
  std::string out;
  auto done = text.cbegin();
  for (std::smatch at; std::regex_search(done, text.cend(), at, mark);) {
    const auto block = static_cast<std::size_t>(at[0].second - text.cbegin());
    const std::size_t end = text.find(kFence, block + kFence.size());
    if (end == std::string::npos || text.compare(block, kFence.size(), kFence) != 0)
      return "a screen without its block: " + at.str();
    const fs::path evidence = page.parent_path() / at[2].str();
    out.append(done, at[0].second).append(kFence);
    out += at[1].matched ? candidate(evidence, at[1].str()) : replay(evidence, true, false);
    done = text.cbegin() + static_cast<std::ptrdiff_t>(end);
  }
  return out.append(done, text.cend());
}

std::vector<fs::path> pages() {
  const fs::path root = PLUMB_SOURCE_DIR;
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(root / "docs/systems"))
    if (entry.path().extension() == ".md") all.push_back(entry.path());
  return all;
}

TEST(SystemsPages, ShowWhatPlumbSays) {
  std::vector<fs::path> all = pages();
  all.push_back(fs::path(PLUMB_SOURCE_DIR) / "README.md");
  for (const fs::path& page : all) {
    const std::string now = renewed(page);
    if (std::getenv("PLUMB_UPDATE_GOLDEN")) std::ofstream(page) << now;
    EXPECT_EQ(read(page), now) << page;
    EXPECT_EQ(now.find(kNone), std::string::npos) << page;
  }
}

// The metadata service says where we are: there no other cloud's commands help.
TEST(SystemsPages, InAzureAndGoogleCloudNobodyIsSentToAws) {
  static const std::regex elsewhere("-(azure|gcp)"), of_aws("\\baws [a-z0-9]+ [a-z]");
  int seen = 0;
  for (const auto& entry :
       fs::directory_iterator(fs::path(PLUMB_SOURCE_DIR) / "docs/systems/evidence")) {
    if (!std::regex_search(entry.path().filename().string(), elsewhere)) continue;
    ++seen;
    EXPECT_FALSE(std::regex_search(replay(entry.path(), false, true), of_aws)) << entry.path();
  }
  EXPECT_GT(seen, 0);
}

TEST(SystemsPages, NameOnlyCausesThatThereAre) {
  static const std::regex quoted("`((?:dns|tcp|tls|mysql|session|cloud|client)-[a-z0-9-]+)`");
  for (const fs::path& page : pages()) {
    const std::string text = read(page);
    for (std::sregex_iterator at(text.begin(), text.end(), quoted), none; at != none; ++at)
      EXPECT_NE(find_cause((*at)[1].str()), nullptr) << (*at)[1].str() << " in " << page;
  }
}

TEST(SystemsPages, HaveWhatAReaderComesFor) {
  for (const fs::path& page : pages()) {
    if (page.filename() == kRequirements) continue;
    const std::string text = read(page);
    std::size_t at = 0;
    for (const std::string_view section : kSections) {
      at = text.find(section, at);
      ASSERT_NE(at, std::string::npos) << page << " has no" << section;
    }
    int ways = 0;
    const std::size_t end = std::min(text.find("\n## ", at + 1), text.size());
    for (std::size_t way = at; (way = text.find("\n### ", way + 1)) < end;) ++ways;
    EXPECT_GE(ways, kWaysToBreak) << page;
  }
}

TEST(SystemsPages, EveryRequirementHasItsRow) {
  const std::string text =
      read(fs::path(PLUMB_SOURCE_DIR) / "docs/systems" / std::string(kRequirements));
  constexpr int kRows[] = {15, 15, 13, 21};
  for (int part = 0; part < 4; ++part)
    for (int row = 1; row <= kRows[part]; ++row) {
      const std::string begin = "\n| " + std::to_string(part) + "." + std::to_string(row) + " | ";
      EXPECT_NE(text.find(begin), std::string::npos) << begin;
    }
}

}  // namespace
}  // namespace plumb
