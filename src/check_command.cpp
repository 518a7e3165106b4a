#include "src/check_command.hpp"

#include <memory>
#include <string>

#include "src/deliver.hpp"
#include "src/evidence_file.hpp"
#include "src/exit_code.hpp"
#include "src/host_prober.hpp"
#include "src/prepare.hpp"
#include "src/publish.hpp"

namespace plumb {

int check_command(const CheckOptions& options) {
  const Prepared prepared = prepare(options);
  for (const std::string& note : prepared.notes) complain(note);
  if (!prepared.error.empty()) {
    complain(prepared.error);
    return usage_error_code(options.report.format);
  }

  Publisher publisher(options.report);
  std::string evidence;
  const auto each = [&](Report&& report, std::size_t index) {
    publisher.add(report, index);
    if (!options.save_file.empty()) evidence += write_evidence(report.about);
  };
  {
    // Ends before the report is written: a signal then ends a process that a full pipe holds.
    HostProber prober(prepared.settings, shards_for(prepared.count));
    engine::Memory memory(engine::Memory::Keep::where_needed);
    const auto settings = std::make_shared<engine::Settings>(prepared.settings);
    const auto of_shard = [&](std::size_t shard, std::size_t shards) {
      return orders(prepared, settings, shard, shards);
    };
    prober.probe(of_shard, memory, each);
  }
  publisher.finish();
  return save_evidence(options.save_file, evidence) ? publisher.exit_code() : kExitUnknown;
}

}  // namespace plumb
