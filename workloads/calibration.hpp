#pragma once

// The shifts of a layer that its file doesn't state: they keep words in their range without looking at the result.

#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/layer.hpp"

namespace eyrie {

/// What a layer's arithmetic is before any data are known; for all but filters, additions and products that is all of
/// it. Looking ahead needs it for every layer before the first one runs.
Arithmetic uncalibrated(const Layer&, const Widths&);

/// Filters: product_shift brings the expected r.m.s. psum to 2^(psum_bits - 4), output_shift the output to
/// 2^(output_bits - 4), or to 1.0 where a table comes behind. A layer whose scale is assumed takes that.
void calibrate_filters(Arithmetic&, const Layer&, const Tensor& input);

/// Additions: the output_shift at which the r.m.s. of the sum is nearest to the largest among its inputs.
void calibrate_add(Arithmetic&, const Layer&, const std::vector<Tensor>& inputs);

/// Products: product_shift puts the binary point back where it was; by so much more as psums need to hold the largest
/// product.
void calibrate_multiply(Arithmetic&, const Layer&, const Tensor& a, const Tensor& b);

/// The largest word.
std::int64_t largest(Bits width);

}  // namespace eyrie
