#include "probe/wire/tls_memory.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace plumb::wire {
namespace tls_memory {
namespace {

// Up to kFine a list for every 32 bytes, then four for each doubling: a block is a quarter too large
// at most, and TLS's buffers of 16.7 KB fit well.
constexpr std::size_t kStep = 32, kFine = 1024, kLargest = 36 * 1024;
constexpr std::size_t kFineLists = kFine / kStep;

constexpr std::size_t list_for(std::size_t bytes) {
  if (bytes <= kFine) return (bytes - 1) / kStep;
  const auto doubling = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1;  // 10: to 2048
  return kFineLists + 4 * (doubling - 10) + (((bytes - 1) >> (doubling - 2)) & 3);
}

constexpr std::size_t size_of_list(std::size_t list) {
  if (list < kFineLists) return (list + 1) * kStep;
  const std::size_t above = list - kFineLists;
  return (5 + above % 4) << (8 + above / 4);
}

constexpr std::size_t kLists = list_for(kLargest) + 1, kNoList = kLists;

constexpr bool lists_hold_what_they_are_for() {
  for (std::size_t bytes = 1; bytes <= kLargest; ++bytes)
    if (size_of_list(list_for(bytes)) < bytes) return false;
  return true;
}
static_assert(lists_hold_what_they_are_for());

struct alignas(16) Header {
  std::size_t list;
  std::size_t bytes;
};
static_assert(sizeof(Header) == 16);

struct Free {
  Header header;
  Free* next;
};

// Without a destructor, so that it is there until the thread's very end.
struct Lists {
  std::array<Free*, kLists> first;
  std::size_t kept;
  bool ended;
};
constinit thread_local Lists t_lists{};

struct AtEnd {
  ~AtEnd() {
    t_lists.ended = true;
    for (Free*& first : t_lists.first)
      while (first) std::free(std::exchange(first, first->next));
    t_lists.kept = 0;
  }
  void arm() {}
};
thread_local AtEnd t_at_end;

Header* header_of(void* block) { return static_cast<Header*>(block) - 1; }

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  const std::size_t list = bytes <= kLargest ? list_for(bytes) : kNoList;
  if (list != kNoList && t_lists.first[list]) {
    Free* const taken = t_lists.first[list];
    t_lists.first[list] = taken->next;
    t_lists.kept -= taken->header.bytes;
    return &taken->header + 1;
  }
  const std::size_t size = list == kNoList ? bytes : size_of_list(list);
  if (size > SIZE_MAX - sizeof(Header)) return nullptr;
  auto* const made = static_cast<Header*>(std::malloc(sizeof(Header) + size));
  if (!made) return nullptr;
  *made = {list, size};
  return made + 1;
}

void release(void* block) {
  if (!block) return;
  Header* const header = header_of(block);
  Lists& lists = t_lists;
  if (header->list == kNoList || lists.ended || lists.kept + header->bytes > kKept) {
    std::free(header);
    return;
  }
  if (lists.kept == 0) t_at_end.arm();
  auto* const freed = reinterpret_cast<Free*>(header);
  freed->next = lists.first[header->list];
  lists.first[header->list] = freed;
  lists.kept += header->bytes;
}

void* reallocate(void* block, std::size_t bytes) {
  if (!block) return allocate(bytes);
  if (bytes == 0) {
    release(block);
    return nullptr;
  }
  const std::size_t had = header_of(block)->bytes;
  if (bytes <= had) return block;
  void* const made = allocate(bytes);
  if (!made) return nullptr;
  std::memcpy(made, block, had);
  release(block);
  return made;
}

std::size_t kept() { return t_lists.kept; }

}  // namespace tls_memory

bool give_openssl_free_lists() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  return CRYPTO_set_mem_functions(
             [](std::size_t bytes, const char*, int) { return tls_memory::allocate(bytes); },
             [](void* block, std::size_t bytes, const char*, int) {
               return tls_memory::reallocate(block, bytes);
             },
             [](void* block, const char*, int) { tls_memory::release(block); }) == 1;
#endif
}

}  // namespace plumb::wire
