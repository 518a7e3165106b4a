// The screens of docs/systems and of README.md are what plumb says of the evidence beside them, not what somebody
// remembers: each fenced block behind `<!-- screen: evidence/NAME.jsonl -->` is the head of its
// replay: the verdict, the cause and its remedy. PLUMB_UPDATE_GOLDEN=1 writes them anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "src/evidence_file.hpp"
#include "src/judge.hpp"
#include "src/output/registry.hpp"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "<!-- screen: ", kMarkEnd = " -->\n", kFence = "```\n";
// What stands behind the cause and its remedy.
constexpr std::string_view kRest[] = {"\n      #  phase", "\n  Or, ranked:", "\n  Also found:"};

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string screen_of(const fs::path& evidence) {
  std::ifstream in(evidence);
  EvidenceFile saved = read_evidence(in);
  if (!saved.error.empty()) return evidence.string() + ": " + saved.error + "\n";
  std::string text = output::find_renderer("text")->each(judge(std::move(saved.cases.front())), {});
  std::size_t end = text.size();
  for (const std::string_view mark : kRest) end = std::min(end, text.find(mark));
  return text.substr(0, end);
}

// The page with every screen replaced by what comes out now.
std::string renewed(const fs::path& page) {
  const std::string text = read(page);
  std::string out;
  std::size_t done = 0;
  for (std::size_t at; (at = text.find(kMark, done)) != std::string::npos;) {
    const std::size_t name = at + kMark.size(), name_end = text.find(kMarkEnd, name);
    const std::size_t block = name_end + kMarkEnd.size();
    const std::size_t end = text.find(kFence, block + kFence.size());
    if (name_end == std::string::npos || end == std::string::npos ||
        text.compare(block, kFence.size(), kFence) != 0)
      return "a screen without its block: " + text.substr(at, 80);
    out += text.substr(done, block + kFence.size() - done);
    out += screen_of(page.parent_path() / text.substr(name, name_end - name));
    done = end;
  }
  return out + text.substr(done);
}

std::vector<fs::path> pages() {
  const fs::path root = PLUMB_SOURCE_DIR;
  std::vector<fs::path> all{root / "README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs/systems"))
    if (entry.path().extension() == ".md") all.push_back(entry.path());
  return all;
}

TEST(SystemsPages, ShowWhatPlumbSays) {
  for (const fs::path& page : pages()) {
    const std::string now = renewed(page);
    if (std::getenv("PLUMB_UPDATE_GOLDEN")) std::ofstream(page) << now;
    EXPECT_EQ(read(page), now) << page;
  }
}

}  // namespace
}  // namespace plumb
