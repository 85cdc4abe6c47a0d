#pragma once

// TensorFlow Lite models (.tflite): int8 networks with TFLite's integer arithmetic, and float32 ones. docs/tflite.md
// has the operators and what is done with each.

#include <cstddef>
#include <span>
#include <string>

#include "workloads/model.hpp"

namespace eyrie {

/// The model in a file; it is called after the file. InputError, at the file, with everything that is not understood.
Model read_tflite(const std::string& path);

/// The same from bytes; `name` is the file's in errors and makes the network's.
Model read_tflite(std::span<const std::byte> bytes, const std::string& name);

}  // namespace eyrie
