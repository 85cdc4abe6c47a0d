#pragma once

// What is done to finished psums and to words under windows, soon: the forward pass computes with these, and tests hold
// them against their namesakes in `reference`.

#include "workloads/arithmetic.hpp"
#include "workloads/layer.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie::fast {

/// wrap(psum - taken) of every psum, in its place.
void take(PsumTensor&, std::int64_t taken, Bits width);

/// `finish` on every element.
Tensor finished(const PsumTensor&, const Arithmetic&);
Tensor activate(const Tensor&, const Arithmetic&);

/// Windows over padding see only elements inside the input. Of psums, too: a window that sees nothing yields the least
/// number there is.
Tensor max_pool(const LayerNest&, const Tensor&);
PsumTensor max_pool(const LayerNest&, const PsumTensor&);

/// Local response normalisation; roots instead of a power where they certainly round to the same word.
Tensor lrn(const Layer&, const Tensor& input, Bits output);

}  // namespace eyrie::fast
