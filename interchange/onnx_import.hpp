#pragma once

// Trained networks in ONNX files (IR 3 and later, opsets 6 to 21), float and quantised: docs/onnx.md.

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "workloads/model.hpp"

namespace eyrie {

/// What a file may make the reader hold beside what it holds itself.
struct OnnxLimits {
  std::int64_t made_numbers = std::int64_t{1} << 28;  ///< numbers of filters, beside those that the file holds
  std::int64_t steps = 4096;                          ///< time steps of all recurrent layers together
};

/// Where a tensor of the file went.
struct OnnxPlace {
  std::string layer;               ///< or network input: its words, in the same row-major order
  std::vector<std::int64_t> dims;  ///< as ONNX has them; a batch without a number counts as 1
  bool operator==(const OnnxPlace&) const = default;
};

struct OnnxImport {
  Model model;
  std::map<std::string, OnnxPlace> tensors;  ///< by their names in the file; none that was merged into a layer
};

/// The network of an ONNX file. Its arithmetic is Float, or Onnx if it holds quantised tensors; shapes fit together
/// when `Network::build` says so. InputError: all nodes that are not understood, and whatever is broken.
OnnxImport import_onnx(const std::string& path, const OnnxLimits& = {});
/// The same of the bytes of a file; `name` stands in the places. Weights in other files are an error.
OnnxImport import_onnx(std::span<const std::byte> bytes, const std::string& name, const OnnxLimits& = {});

Model read_onnx(const std::string& path);
Model read_onnx(std::span<const std::byte> bytes, const std::string& name);

/// A quantised model (Onnx arithmetic) as QLinear operators of ONNX and com.microsoft, for another runtime to compute
/// the same words: convolutions, fully connected layers, additions, pools, concatenations, reshapes. Tensors have their
/// layers' names. InputError for layers that those operators cannot say.
void write_onnx(const Model&, const std::string& path);

}  // namespace eyrie
