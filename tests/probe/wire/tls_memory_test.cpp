#include "probe/wire/tls_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

namespace plumb::wire::tls_memory {
namespace {

// In a thread of its own, whose lists are empty and end with it.
template <typename Body>
void alone(Body body) {
  std::thread(body).join();
}

bool is_aligned(const void* block) { return reinterpret_cast<std::uintptr_t>(block) % 16 == 0; }

TEST(TlsMemory, HoldsWhatWasAskedForAtEverySize) {
  alone([] {
    for (std::size_t bytes = 1; bytes < 80'000; bytes += bytes < 3000 ? 1 : 257) {
      void* const block = allocate(bytes);
      ASSERT_TRUE(block && is_aligned(block)) << bytes;
      std::memset(block, 0x5a, bytes);
      release(block);
    }
  });
}

TEST(TlsMemory, GivesBackWhatWasFreedLast) {
  alone([] {
    void* const block = allocate(100);
    void* const other = allocate(100);
    release(block);
    EXPECT_EQ(allocate(99), block);
    release(other);
    release(block);
    EXPECT_NE(allocate(17'000), block);
  });
}

TEST(TlsMemory, TellsBlocksInUseApart) {
  alone([] {
    std::vector<unsigned char*> blocks;
    for (unsigned i = 0; i < 500; ++i) {
      blocks.push_back(static_cast<unsigned char*>(allocate(1 + i % 90)));
      std::memset(blocks.back(), static_cast<int>(i & 0xff), 1 + i % 90);
    }
    for (unsigned i = 0; i < 500; ++i) {
      for (unsigned at = 0; at < 1 + i % 90; ++at) ASSERT_EQ(blocks[i][at], i & 0xff);
      release(blocks[i]);
    }
  });
}

TEST(TlsMemory, KeepsTheContentsOfWhatGrows) {
  alone([] {
    auto* block = static_cast<char*>(allocate(20));
    std::memcpy(block, "nineteen characters", 20);
    for (std::size_t bytes : {30, 33, 1024, 1025, 40'000, 90'000, 10}) {
      block = static_cast<char*>(reallocate(block, bytes));
      ASSERT_TRUE(block);
      ASSERT_EQ(std::memcmp(block, "nineteen characters", 10), 0) << bytes;
    }
    EXPECT_EQ(reallocate(block, 0), nullptr);
    void* const made = reallocate(nullptr, 5);
    EXPECT_TRUE(made);
    release(made);
  });
}

TEST(TlsMemory, KeepsNoMoreThanItsBound) {
  alone([] {
    std::vector<void*> blocks;
    for (int i = 0; i < 400; ++i) blocks.push_back(allocate(17'000));
    for (void* block : blocks) release(block);
    EXPECT_LE(kept(), kKept);
    EXPECT_GT(kept(), kKept / 2);
    void* const large = allocate(1'000'000);
    const std::size_t before = kept();
    release(large);
    EXPECT_EQ(kept(), before);
  });
}

TEST(TlsMemory, GivesNothingForNothingAndForTooMuch) {
  EXPECT_EQ(allocate(0), nullptr);
  EXPECT_EQ(allocate(std::numeric_limits<std::size_t>::max() - 8), nullptr);
  release(nullptr);
}

TEST(TlsMemory, TakesBackWhatAnotherThreadMade) {
  void* block = nullptr;
  alone([&] { block = allocate(64); });
  alone([&] {
    release(block);
    EXPECT_GT(kept(), 0u);
    EXPECT_EQ(allocate(64), block);
    release(block);
  });
  alone([] { EXPECT_EQ(kept(), 0u); });
}

// gtest's main, and tests before this one, have used OpenSSL: then it keeps the memory it has.
TEST(TlsMemory, LeavesAnOpenSslThatHasBegunAlone) { EXPECT_FALSE(give_openssl_free_lists()); }

}  // namespace
}  // namespace plumb::wire::tls_memory
