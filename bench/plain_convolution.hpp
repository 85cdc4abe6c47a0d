#pragma once

// The yardstick of the simulator's speed: the convolution itself, as one writes it down and leaves to the compiler.

#include "workloads/forward.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie::bench {

/// Which loop is the innermost.
enum class Inside : std::uint8_t {
  Fastest,  ///< output channels where there are at least 32 a group; columns in windows of 1 x 1
  Columns   ///< always output columns; in windows of 1 x 1 with stride 1 rows and columns together
};

namespace plain {

/// The ofmap (N, G*M, P, Q) of a layer with filters: direct convolution on one thread, plain loops, g++ -O3. The same
/// integers as the simulator's to the bit. The input is padded once; for channels inside, the filters are transposed
/// once.
Tensor convolution(const LayerNest&, const LayerOperands&, Inside = Inside::Fastest);

}  // namespace plain

namespace native {

/// The same source with -march=native besides.
Tensor convolution(const LayerNest&, const LayerOperands&, Inside = Inside::Fastest);

}  // namespace native

}  // namespace eyrie::bench
