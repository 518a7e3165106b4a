#include "src/check_command.hpp"

#include <memory>
#include <optional>

#include "src/deliver.hpp"
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

  Publisher publisher(options.report, prepared.count);
  EvidenceSaver evidence(options.save_file);
  const auto each = [&](Report&& report, std::size_t index) {
    publisher.add(report, index);
    evidence.add(report.about);
  };
  Orders orders(prepared, std::make_shared<engine::Settings>(prepared.settings));
  {
    // Ends before the report is written: a signal then ends a process that a full pipe holds.
    HostProber prober(prepared.settings, shards_for(prepared.count));
    engine::Memory memory(engine::Memory::Keep::where_needed);
    prober.on_tick([&publisher] { publisher.tick(); });
    const auto of_shard = [&orders](std::size_t shard, std::size_t shards) {
      return orders.of_shard(shard, shards);
    };
    prober.probe(of_shard, memory, each);
    if (prober.interrupted() || !orders.error().empty()) publisher.end_early();
  }
  publisher.finish();
  const bool saved = evidence.finish();
  if (!orders.error().empty()) complain(orders.error());
  return saved && orders.error().empty() ? publisher.exit_code() : kExitUnknown;
}

}  // namespace plumb
