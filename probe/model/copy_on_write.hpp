// A value that its copies share until one of them is to be changed; that one takes its own first.
//
// The count of owners is atomic, for copies may live in different threads (one copy may not, like
// any value). Not a shared_ptr with use_count(): that reads the count without ordering, so whoever
// finds himself alone could overtake the last reads of a former owner.
#pragma once

#include <atomic>
#include <utility>

namespace plumb {

template <class T>
class CopyOnWrite {
 public:
  CopyOnWrite() = default;
  CopyOnWrite(const CopyOnWrite& other) noexcept : box_(other.box_) {
    if (box_) box_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  CopyOnWrite(CopyOnWrite&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  CopyOnWrite& operator=(CopyOnWrite other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~CopyOnWrite() {
    if (box_ && (alone() || box_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)) delete box_;
  }

  // null: there was nothing to keep yet.
  const T* get() const { return box_ ? &box_->value : nullptr; }
  T& own() {
    if (!box_)
      box_ = new Box;
    else if (!alone())
      *this = CopyOnWrite(new Box(box_->value));
    return box_->value;
  }

 private:
  struct Box {
    Box() = default;
    explicit Box(const T& from) : value(from) {}
    std::atomic<unsigned> owners{1};
    T value;
  };
  explicit CopyOnWrite(Box* box) : box_(box) {}
  bool alone() const { return box_->owners.load(std::memory_order_acquire) == 1; }

  Box* box_ = nullptr;
};

}  // namespace plumb
