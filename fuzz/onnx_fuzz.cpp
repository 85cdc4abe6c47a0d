// Any bytes as an ONNX file: either a network or an InputError.

#include <cstddef>
#include <cstdint>
#include <span>

#include "interchange/onnx_import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto bytes = std::as_bytes(std::span{data, size});
    const auto import = eyrie::import_onnx(bytes, "fuzz.onnx", {.made_numbers = 1 << 16, .steps = 64});
    eyrie::Network::build(import.model.network, 1);
  } catch (const eyrie::InputError&) {
  }
  return 0;
}
