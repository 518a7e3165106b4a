// Preloaded into a program, it counts what the program has allocated and not yet freed, and the connections that it
// began, into the file that PLUMB_LIVE_HEAP names: two numbers of 64 bits, which somebody else maps and watches. A third
// comes at the end of the program: the descriptors of sockets that nobody has closed.
// What malloc keeps for later use is in no such number: peaks do not hide a leak, nor does the allocator's habit pass
// for one. Whatever malloc the program is linked with, libc's stands in its place here.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

struct Counts {
  std::atomic<std::int64_t> bytes, connects, left_open;
};

using SizeOf = std::size_t (*)(void*);

// Null until a constructor of ours has run: what comes before is the same for every sample.
std::atomic<Counts*> counts{nullptr};
std::atomic<SizeOf> size_of{nullptr};  // libc's: the program may be linked with another malloc

void count(void* block, std::int64_t sign) {
  Counts* const known = counts.load(std::memory_order_acquire);
  if (block && known)
    known->bytes.fetch_add(
        sign * static_cast<std::int64_t>(size_of.load(std::memory_order_relaxed)(block)),
        std::memory_order_relaxed);
}

void* counted(void* block) {
  count(block, 1);
  return block;
}

__attribute__((constructor)) void map_counts() {
  const char* path = std::getenv("PLUMB_LIVE_HEAP");
  const int file = path ? ::open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void* mapped = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return;
  void* const libc = ::dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  size_of = reinterpret_cast<SizeOf>(::dlsym(libc, "malloc_usable_size"));
  if (size_of.load()) counts = static_cast<Counts*>(mapped);
}

__attribute__((destructor)) void count_sockets_left() {
  Counts* const known = counts.load();
  const int most = static_cast<int>(::sysconf(_SC_OPEN_MAX));
  for (int fd = STDERR_FILENO + 1; known && fd < most; ++fd) {
    struct stat what {};
    if (::fstat(fd, &what) == 0 && S_ISSOCK(what.st_mode)) ++known->left_open;
  }
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return counted(__libc_malloc(size)); }
void* calloc(std::size_t number, std::size_t size) { return counted(__libc_calloc(number, size)); }
void* memalign(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }

int posix_memalign(void** into, std::size_t alignment, std::size_t size) {
  *into = memalign(alignment, size);
  return *into ? 0 : 12;  // ENOMEM
}

void* realloc(void* block, std::size_t size) {
  count(block, -1);
  void* moved = __libc_realloc(block, size);
  if (!moved && size) count(block, 1);
  return counted(moved);
}

void free(void* block) {
  count(block, -1);
  __libc_free(block);
}

int connect(int socket, const sockaddr* address, socklen_t length) {
  static const auto real = reinterpret_cast<decltype(&::connect)>(::dlsym(RTLD_NEXT, "connect"));
  if (Counts* const known = counts.load(std::memory_order_acquire))
    known->connects.fetch_add(1, std::memory_order_relaxed);
  return real(socket, address, length);
}

}  // extern "C"

// A malloc that is linked brings operators of its own.
void* operator new(std::size_t size) {
  if (void* block = malloc(size)) return block;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  if (void* block = memalign(static_cast<std::size_t>(alignment), size)) return block;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return malloc(size); }
void operator delete(void* block) noexcept { free(block); }
void operator delete(void* block, std::size_t) noexcept { free(block); }
void operator delete(void* block, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { free(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { free(block); }
void operator delete[](void* block) noexcept { free(block); }
void operator delete[](void* block, std::size_t) noexcept { free(block); }
void operator delete[](void* block, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { free(block); }
