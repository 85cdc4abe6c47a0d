#pragma once

// TFLite's int8 kernels once more, as plainly as they can be: raw numbers with zero points, rows, columns, channels,
// one value after the other. It shares the reading of the file with the importer, and no arithmetic with anything.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "interchange/tflite_graph.hpp"
#include "workloads/model.hpp"

namespace eyrie::test {

using RawNumbers = std::vector<std::int32_t>;

/// Raw numbers of all tensors that operators make out of `inputs` (by tensor); softmax is left out.
std::map<int, RawNumbers> raw_tensors(const TfliteGraph&, const std::map<int, RawNumbers>& inputs);

/// Imports the file, computes it with the forward pass, and compares every tensor of the file's operators (but softmax)
/// with `raw_tensors`, on inputs drawn from the seed: what differs, as text; empty if nothing does.
std::string differences_from_kernels(std::span<const std::byte> file, std::uint64_t seed, int* compared = nullptr);

/// Raw int8 numbers (rows, columns, channels) as the real numbers (channels, rows, columns) of a network input.
RealTensor real_input(const NetworkInput&, const TensorCode&, const RawNumbers&);

}  // namespace eyrie::test
