#include "src/collector.hpp"

namespace plumb {

void Collector::add(std::size_t shard, Report&& report, std::size_t index) {
  boxes_[shard].reports.emplace_back(std::move(report), index);
  hand_over(shard);
}

void Collector::hand_over(std::size_t shard) {
  Box& box = boxes_[shard];
  if (!box.reports.empty()) when_free([this, &box] { empty(box); });
}

void Collector::when_free(const std::function<void()>& act) {
  if (busy_.test_and_set(std::memory_order_acquire)) return;
  struct Done {
    std::atomic_flag& busy;
    ~Done() { busy.clear(std::memory_order_release); }
  } const done{busy_};
  act();
}

void Collector::finish() {
  for (Box& box : boxes_) empty(box);
}

void Collector::empty(Box& box) {
  auto reports = std::exchange(box.reports, {});
  for (auto& [report, index] : reports) each_(std::move(report), index);
}

}  // namespace plumb
