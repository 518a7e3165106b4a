#include "src/replay_command.hpp"

#include <sstream>
#include <string>
#include <utility>

#include "probe/model/printable.hpp"
#include "src/deliver.hpp"
#include "src/evidence_file.hpp"
#include "src/exit_code.hpp"
#include "src/judge.hpp"
#include "src/publish.hpp"
#include "src/read_file.hpp"

namespace plumb {
namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 30U;

EvidenceFile read_saved(const std::string& path) {
  EvidenceFile evidence;
  FileText file = read_file(path, kLongestFile);
  if (file.cut) file.error = "it is larger than 1 GiB";
  if (!file.error.empty()) {
    evidence.error = file.error;
    return evidence;
  }
  std::istringstream in(std::move(file.text));
  return read_evidence(in);
}

}  // namespace

int replay_command(const ReplayOptions& options) {
  EvidenceFile evidence = read_saved(options.file);
  if (!evidence.error.empty()) {
    const std::string name = options.file == "-" ? "stdin" : printable(options.file);
    complain("cannot replay " + name + ": " + evidence.error + "; it must be what --save wrote");
    return usage_error_code(options.report.format);
  }
  Publisher publisher(options.report);
  for (Case& about : evidence.cases) publisher.add(judge(std::move(about)));
  publisher.finish();
  return publisher.exit_code();
}

}  // namespace plumb
