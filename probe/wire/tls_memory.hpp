// Memory for OpenSSL: what a thread frees it is given again, from lists of its own.
//
// One TLS probe makes some two thousand blocks and frees them all. glibc's malloc keeps seven of a
// size at hand; what is beyond takes the arena's lock, and each buffer of 17 KB that is given back
// sweeps all small ones together, so that the next is cut out anew. Here a block goes back to the
// list of its size, whatever the order: no lock, no search, no cutting.
//
// Invariant: a block's header (16 bytes, which keeps malloc's alignment) holds its list's number, so
// that any thread may free it, into a list of that thread. Bounded: a thread keeps at most kKept
// bytes, more goes back to malloc, as do blocks above the largest list's size, and everything when
// the thread ends; what OpenSSL frees after that (its own end of the thread) goes to malloc at once.
//
// OpenSSL's hook is of the whole process and knows no object: hence thread_local lists, and hence it
// is for main() to ask for it, first of all. Nothing is changed where OpenSSL has allocated already,
// or under a sanitizer, from which lists would hide what is used after it was freed.
// Source: CRYPTO_set_mem_functions(3).
#pragma once

#include <cstddef>

namespace plumb::wire {

bool give_openssl_free_lists();  // false: OpenSSL stays with malloc

// What OpenSSL is given: as malloc, realloc and free, but nothing of 0 bytes.
namespace tls_memory {
constexpr std::size_t kKept = std::size_t{4} << 20;

void* allocate(std::size_t bytes);
void* reallocate(void* block, std::size_t bytes);
void release(void* block);
std::size_t kept();  // bytes in this thread's lists
}  // namespace tls_memory

}  // namespace plumb::wire
