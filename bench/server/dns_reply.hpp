// The resolver's side of the DNS benchmark: every name of bench.example is there.
#pragma once

#include <cstddef>
#include <span>

namespace plumb::bench {

// Turns the question in the buffer into its answer, in place: A of t0000042.bench.example is target 42's
// address, AAAA and everything else is an empty answer (NODATA), the question's EDNS comes back.
// Returns the answer's size; 0: it was no question, say nothing.
std::size_t answer_in_place(std::span<unsigned char> buffer, std::size_t question);

}  // namespace plumb::bench
