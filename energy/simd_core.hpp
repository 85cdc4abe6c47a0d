#pragma once

// A general-purpose core with short vectors as a baseline: the time that plainly tiled code takes for a layer.
//
// Source: Chen et al., DianNao, ASPLOS 2014, Figures 5 to 8 (the code) and 6, 7.2 (the core). Assumptions, each of
// which is ours where the paper was not at hand:
//  - A slot is one turn of the innermost loop: a multiplication and an addition, or a pool's one addition or
//    comparison, which takes as many loads. Slots pass at half the rate of `operations`, however many lanes they fill.
//  - Nothing hides a miss: a line costs `l1_miss` if L1 has to ask, and `l2_miss` more if memory has to bring it.
//    Nothing is cached at first, and stores allocate.
//  - Loops, outermost first: groups, images, rows, columns, output channels by `tile`, filter rows, filter columns,
//    input channels by `tile`, and both tiles; or output channels by `tile` outside of rows and columns, whichever
//    stalls less. Pools have channels by `tile` where filtered layers have output channels; groups with filters lie one
//    behind the other in memory, and channels innermost.
//  - A cache keeps what a loop's turn uses for the next turn if all that the turn uses fits into it, else nothing of
//  it.

#include <cstdint>
#include <string>

#include "base/yaml.hpp"
#include "energy/energy_table.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// A value with its source.
template <class T>
struct Sourced {
  T value{};
  std::string source;
  Confidence confidence = Confidence::Assumed;
  std::string note;
  Place where;
};

enum class Prefetcher : std::uint8_t { None };
template <>
struct names<Prefetcher> {
  static constexpr Name<Prefetcher> table[] = {{"none", Prefetcher::None, "every line that misses is waited for"}};
};

struct SimdCore {
  std::string kind = "simd_core", name, title, source;
  Sourced<Hertz> clock;
  Sourced<Bits> word;
  Sourced<std::int64_t> lanes;
  Sourced<double> operations;  ///< a cycle, two for a slot, while nothing misses
  Sourced<std::int64_t> tile;  ///< channels in the innermost loops
  Sourced<Bytes> line, l1, l2;
  Sourced<Cycles> l1_miss, l2_miss;  ///< a line's wait for L2; for memory, beyond that
  Sourced<Prefetcher> prefetcher;
  Sourced<Picojoules> memory_energy;  ///< a bit to or from memory
};
void describe(Fields&, SimdCore&);

/// Reads and checks: kind, sizes above 0, a source for every figure, no more operations than lanes can do, an L2 that
/// holds more than L1. All errors at once as InputError.
SimdCore read_simd_core(const YamlDocument&);

/// What a layer takes on a core.
struct SimdTime {
  Cycles compute{}, stall{};                     ///< of the core's clock
  Seconds seconds{};                             ///< of both
  std::int64_t l1_misses = 0, memory_lines = 0;  ///< lines that L1, that memory had to be asked for
  Picojoules memory{};                           ///< of the lines from memory; the core itself is not in it
};

/// `compute` is 2 slots / operations, rounded up. InputError for a reduction that isn't known.
SimdTime time_on(const SimdCore&, const LayerNest&);

}  // namespace eyrie
