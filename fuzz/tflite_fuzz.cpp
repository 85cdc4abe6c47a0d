// Any bytes as a TensorFlow Lite model: either a network that can be computed, or an InputError.

#include <cstddef>
#include <cstdint>
#include <span>

#include "interchange/tflite.hpp"
#include "workloads/forward.hpp"

namespace {

/// Small enough to be computed a thousand times a second.
bool is_small(const eyrie::Network& network) {
  std::int64_t elements = 0, macs = 0;
  for (const auto& l : network.layers()) {
    elements += l.output.elements() + l.input.elements();
    macs += l.macs().count() + l.output.elements() * l.kernel.rows * l.kernel.columns;
  }
  return network.layers().size() < 64 && elements < 20000 && macs < 200000;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto model = eyrie::read_tflite(std::as_bytes(std::span{data, size}), "fuzz.tflite");
    const auto network = eyrie::Network::build(model.network, 1);
    if (model.arithmetic == eyrie::ModelArithmetic::Float || !is_small(network)) return 0;
    eyrie::RealInputs inputs;
    for (const auto& in : model.network.inputs) inputs[in.name] = eyrie::RealTensor{in.shape(1), 1.0F};
    const auto bound = eyrie::bind(network, model, inputs);
    eyrie::ForwardPass{network, eyrie::kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &bound}};
  } catch (const eyrie::InputError&) {
  }
  return 0;
}
