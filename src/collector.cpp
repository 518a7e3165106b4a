#include "src/collector.hpp"

#include <chrono>
#include <thread>

namespace plumb {

Collector::Collector(const EachReport& each, std::size_t shards)
    : each_(each), boxes_(shards), under_way_(shards) {}

void Collector::add(std::size_t shard, Report&& report, std::size_t index) {
  if (shard == 0) {
    each_(std::move(report), index);
    return hand_over();
  }
  Box& box = boxes_[shard];
  Reports ours;
  {
    const net::Holding held(box.lock);
    box.reports.emplace_back(std::move(report), index);
    box.waiting = box.reports.size();
    ours.swap(box.consumed);
  }
  if (box.waiting >= kMostWaiting) wait_for_room(box);
}

void Collector::wait_for_room(Box& box) {
  while (box.waiting >= kMostWaiting) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void Collector::hand_over() {
  for (Box& box : boxes_)
    if (box.waiting > 0) consume(box);
}

void Collector::consume(Box& box) {
  Reports reports;
  {
    const net::Holding held(box.lock);
    reports.swap(box.reports);
    box.waiting = 0;
  }
  try {
    for (auto& [report, index] : reports) each_(std::move(report), index);
  } catch (...) {
    broke(std::current_exception());
  }
  const net::Holding held(box.lock);
  if (box.consumed.empty()) box.consumed.swap(reports);
}

void Collector::broke(std::exception_ptr why) {
  const std::lock_guard lock(mutex_);
  if (!broken_) broken_ = std::move(why);
}

void Collector::ended() { --under_way_; }

void Collector::finish() {
  hand_over();
  if (broken_) std::rethrow_exception(broken_);
}

}  // namespace plumb
