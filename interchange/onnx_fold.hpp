#pragma once

// Nodes whose inputs are constants are computed while a file is read: shapes worked out by the exporter, weights that
// are transposed, quantised or made.

#include <string>
#include <vector>

#include "interchange/onnx_graph.hpp"

namespace eyrie {

/// Can nodes of this operator be folded?
bool folds(const std::string& op);

/// The first output of a node of constants; inputs that are left out are null. OnnxRefusal if it is impossible. Results
/// hold no more than 2^24 numbers, unless their inputs hold as many.
OnnxTensor folded(const OnnxNode&, const std::vector<const OnnxTensor*>& inputs, std::int64_t opset);

/// Axis -rank to rank - 1 as 0 to rank - 1.
std::size_t axis_of(std::int64_t axis, std::size_t rank);
/// What a Reshape to `wanted` makes of `dims`.
std::vector<std::int64_t> reshaped_dims(const std::vector<std::int64_t>& dims, const std::vector<std::int64_t>& wanted,
                                        bool zeros_stay_zeros);
/// Axes of Squeeze, Unsqueeze, ReduceMean: an attribute, or (later) an input.
std::vector<std::int64_t> axes_of(const OnnxNode&, const OnnxTensor* input);
std::vector<std::int64_t> squeezed_dims(const std::vector<std::int64_t>& dims, const std::vector<std::int64_t>& axes);
std::vector<std::int64_t> unsqueezed_dims(const std::vector<std::int64_t>& dims, const std::vector<std::int64_t>& axes);
/// The permutation of a Transpose.
std::vector<std::size_t> permutation_of(const OnnxNode&, std::size_t rank);

/// scale x (raw - zero point), along an axis if there are several scales. `zero` may be null.
OnnxTensor dequantised(const OnnxTensor& raw, const OnnxTensor& scale, const OnnxTensor* zero, std::int64_t axis);
OnnxTensor quantised(const OnnxTensor& real, const OnnxTensor& scale, const OnnxTensor* zero, std::int64_t axis);
/// Which of the scales counts for element i of a tensor.
struct ScaleIndex {
  std::int64_t inner = 1, count = 1;
  ScaleIndex(const OnnxTensor& of, const OnnxTensor& scale, std::int64_t axis);
  [[nodiscard]] std::int64_t at(std::int64_t i) const { return i / inner % count; }
};

}  // namespace eyrie
